// How Postgres reads a statement whatever its values are.
import pg from "pg";

export interface Statement {
  name: string;
  text: string;
  values?: readonly unknown[];
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  Plans?: PlanNode[];
}

const literal = (value: unknown): string => {
  if (value === null || value === undefined) return "null";
  if (Buffer.isBuffer(value)) return `'\\x${value.toString("hex")}'`;
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => JSON.stringify(one)).join(",")}}`);
  return pg.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
};

/** The nodes of the one plan for all values, made under the settings of a connection of `pool`, and which partitions it reads. */
export async function planOf(pool: pg.Pool, { name, text, values = [] }: Statement) {
  await pool.query(`prepare "explained-${name}" as ${text}`);
  const given = values.length > 0 ? `(${values.map(literal).join(", ")})` : "";
  const { rows } = await pool.query(`explain (format json) execute "explained-${name}"${given}`);
  const nodes: PlanNode[] = [];
  const walk = (node: PlanNode): void => {
    nodes.push(node);
    node.Plans?.forEach(walk);
  };
  for (const { Plan } of rows[0]["QUERY PLAN"] as { Plan: PlanNode }[]) walk(Plan);
  const reads = nodes.filter((node) => / Scan$/.test(node["Node Type"]) && node["Relation Name"]);
  const days = new Set(reads.flatMap((node) => /_(\d{8})$/.exec(node["Relation Name"] ?? "")?.[1] ?? []));
  return {
    kinds: nodes.map((node) => node["Node Type"]),
    /** Tables that are read without an index are named by themselves. */
    reads: new Set(
      reads.map((node) => (node["Index Name"] ?? `all of ${node["Relation Name"]}`).replace(/_\d{8}/, "")),
    ),
    partitions: days.size === 0 ? "none" : days.size === 1 ? "one" : "all",
  };
}
