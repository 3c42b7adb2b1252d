// The paths of a body that a connection's rules read. Of a transformation those that its code names in one piece, such as
// `request.body.data.id`; what it takes apart step by step is not seen. Pure.
import type { Rule } from "#server/contracts/rule.ts";

export interface ReadPath {
  keys: string[];
  readBy: "deduplicate" | "filter" | "transform";
}

const MAX_PATHS = 50;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The keys down to each value that a filter asks for. What may be missing on purpose is left out. */
function keysOfFilter(filter: unknown, above: string[] = []): string[][] {
  if (Array.isArray(filter)) return filter.flatMap((each) => keysOfFilter(each, above));
  if (!isRecord(filter)) return above.length > 0 ? [above] : [];
  const entries = Object.entries(filter);
  if (entries.some(([key]) => key === "$exist" || key === "$not")) return [];
  return entries.flatMap(([key, value]) => {
    if (key === "$or") return [];
    if (key === "$and") return keysOfFilter(value, above);
    if (key.startsWith("$")) return above.length > 0 ? [above] : [];
    return keysOfFilter(value, [...above, key]);
  });
}

const PLAIN_PATH = /^body((?:\.[^.[\]]+)+)$/;
const keysOfFields = (fields: readonly string[]): string[][] =>
  fields.flatMap((field) => {
    const keys = PLAIN_PATH.exec(field)?.[1]?.slice(1).split(".");
    return keys ? [keys] : [];
  });

const IN_CODE = /\brequest\??\.body((?:\??\.[A-Za-z_$][\w$]*)+)(\s*\(|\s*=(?!=))?/g;
/** What is called is a method and no field; what is assigned to is not read. */
function keysOfCode(code: string): string[][] {
  return [...code.matchAll(IN_CODE)].flatMap(([, path = "", after = ""]) => {
    if (after.includes("=")) return [];
    const keys = path.replaceAll("?", "").slice(1).split(".");
    const read = after.includes("(") ? keys.slice(0, -1) : keys;
    return read.length > 0 ? [read] : [];
  });
}

/** @param codeOf the code of a transformation by its id */
export function pathsReadBy(rules: readonly Rule[], codeOf: (id: string) => string | undefined): ReadPath[] {
  // A filter sees what a transformation has made of the body, which is another body.
  const isTransformed = rules.some(({ type }) => type === "transform");
  const found = rules.flatMap((rule): ReadPath[] => {
    if (rule.type === "filter" && isTransformed) return [];
    if (rule.type === "filter") return keysOfFilter(rule.body).map((keys) => ({ keys, readBy: "filter" }));
    if (rule.type === "deduplicate")
      return keysOfFields(rule.include_fields ?? []).map((keys) => ({ keys, readBy: "deduplicate" }));
    if (rule.type !== "transform") return [];
    return keysOfCode(codeOf(rule.transformation_id) ?? "").map((keys) => ({ keys, readBy: "transform" }));
  });
  const unique = new Map(found.map((path) => [`${path.readBy} ${path.keys.join(".")}`, path]));
  return [...unique.values()].slice(0, MAX_PATHS);
}

/** Those that read something, in their order, while they read no more than so many paths together. */
export function withinPaths<T extends { paths: readonly ReadPath[] }>(readers: readonly T[], max: number): T[] {
  let count = 0;
  return readers.filter(({ paths }) => {
    count += paths.length;
    return paths.length > 0 && count <= max;
  });
}
