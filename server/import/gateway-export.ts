// Exports of event gateways: sources, destinations and connections between them. Hookdeck and FastHook share this shape.
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { readRules } from "./gateway-rules.ts";
import { type Listed, listsOf } from "./lists.ts";

/** What only one of the two has. */
export interface Dialect {
  /** The fields of a source; null where it is left out, which is told. */
  source(draft: Draft, node: ExportNode, name: string): FlowFields | null;
  destination(draft: Draft, node: ExportNode, name: string): FlowFields | null;
}

/** What says nothing about how events go. */
export const IRRELEVANT: ReadonlySet<string> = new Set([
  ...[
    "id",
    "team_id",
    "created_at",
    "updated_at",
    "full_name",
    "url",
    "version",
    "authenticated",
    "pagination",
    "count",
  ],
  ...["archived_at", "encrypted_env", "has_more"],
]);

const LISTS = ["sources", "destinations", "connections", "transformations", "webhooks"] as const;

type Kind = "source" | "destination" | "connection" | "transformation";

function kindOf({ under, node }: Listed): Kind | null {
  if (node.kind !== "object") return null;
  const has = (name: string) => node.members.has(name);
  if (has("source_id") || has("destination_id") || (has("source") && has("destination"))) return "connection";
  if (has("code")) return "transformation";
  if (under !== null) return under === "sources" ? "source" : under === "destinations" ? "destination" : null;
  const id = node.members.get("id")?.json();
  if (typeof id !== "string") return null;
  return id.startsWith("src_") ? "source" : id.startsWith("des_") ? "destination" : null;
}

export function readGateway(draft: Draft, roots: readonly ExportNode[], dialect: Dialect): void {
  const reading = new GatewayReading(draft, dialect);
  const connections: ExportNode[] = [];
  for (const root of roots) {
    for (const listed of listsOf(root, LISTS)) {
      const { node } = listed;
      const kind = kindOf(listed);
      if (kind === "connection") connections.push(node);
      else if (kind === "source") reading.end("source", node);
      else if (kind === "destination") reading.end("destination", node);
      else if (kind === "transformation") reading.transformation(node);
      else node.problem("This is no source, destination, connection or transformation: give answers of these lists.");
    }
  }
  for (const node of connections) reading.connection(node);
}

class GatewayReading {
  readonly #draft: Draft;
  readonly #dialect: Dialect;
  /** Keys of ends that are left out. */
  readonly #left = new Set<string>();

  constructor(draft: Draft, dialect: Dialect) {
    this.#draft = draft;
    this.#dialect = dialect;
  }

  #ends(kind: "source" | "destination") {
    return kind === "source" ? this.#draft.sources : this.#draft.destinations;
  }

  /** The key of an end, which is read when it is seen first; null where it is left out. */
  end(kind: "source" | "destination", node: ExportNode): string | null {
    const id = node.at("id").text();
    const name = node.at("name").text() ?? id;
    if (name === null) {
      node.problem(`A ${kind} has a name.`);
      return null;
    }
    const key = id ?? name;
    if (this.#ends(kind).has(key)) return key;
    if (this.#left.has(`${kind}:${key}`)) return null;
    const fields = this.#dialect[kind](this.#draft, node, name);
    if (fields === null) {
      this.#left.add(`${kind}:${key}`);
      return null;
    }
    const head = { description: node.at("description").text() };
    const isDisabled = node.at("disabled_at").isSet || fields.disabled === true;
    const all = { ...head, ...fields, ...(isDisabled && { disabled: true }) };
    this.#ends(kind).set(key, { origin: node, name, id: id ?? "", fields: all });
    for (const field of node.unread(IRRELEVANT))
      this.#draft.note("left", field, `There is no such setting of a ${kind} here: it is left out.`);
    return key;
  }

  transformation(node: ExportNode): string | null {
    const [id, code] = [node.at("id").text(), node.at("code").text()];
    const name = node.at("name").text() ?? id;
    if (name === null || code === null) return null;
    const key = id ?? name;
    if (this.#draft.transformations.has(key)) return key;
    const env = Object.fromEntries(
      [...node.part("env").members].flatMap(([variable, value]) => {
        const secret = this.#draft.secret(name, `env_${variable}`, value, "The code runs without this variable.");
        return secret === null ? [] : [[variable, secret]];
      }),
    );
    const fields = { description: node.at("description").text(), code, env };
    this.#draft.transformations.set(key, { origin: node, name, id: id ?? "", fields });
    return key;
  }

  #transformationOf(rule: ExportNode): string | null {
    const held = rule.part("transformation");
    const id = rule.at("transformation_id").text() ?? held.at("id").text();
    const key = held.kind === "object" ? this.transformation(held) : id;
    return key !== null && this.#draft.transformations.has(key) ? key : null;
  }

  /** An end that a connection holds, or whose id it has. */
  #endOf(kind: "source" | "destination", node: ExportNode): string | null {
    const held = node.part(kind);
    const id = node.at(`${kind}_id`).text();
    if (held.kind === "object") return this.end(kind, held);
    if (id !== null && this.#ends(kind).has(id)) return id;
    if (id !== null && !this.#left.has(`${kind}:${id}`))
      this.#draft.note("left", node, `Its ${kind} ${id} is not in the export: add the answer of the list of ${kind}s.`);
    return null;
  }

  connection(node: ExportNode): void {
    const [source, destination] = [this.#endOf("source", node), this.#endOf("destination", node)];
    if (source === null || destination === null) {
      this.#draft.note("left", node, "The connection is left out, as one of its ends is.");
      return;
    }
    const rules = readRules(this.#draft, node.at("rules").list(), (rule) => this.#transformationOf(rule));
    const isPaused = node.at("paused_at").isSet;
    this.#draft.branches.push({
      origin: node,
      source,
      destination,
      name: node.at("name").text(),
      id: node.at("id").text() ?? "",
      transform: rules.transform,
      description: node.at("description").text(),
      isDisabled: node.at("disabled_at").isSet || rules.isDisabled,
      fields: { ...rules.fields, ...(isPaused && { paused: true }) },
    });
    for (const field of node.unread(IRRELEVANT))
      this.#draft.note("left", field, "There is no such setting of a connection here: it is left out.");
  }
}
