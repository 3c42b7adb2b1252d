// Convoy's API: the lists of sources, endpoints and subscriptions of a project, each `{data: {content: […]}}`. Shapes from
// `docs/swagger.json` and `api/models` of frain-dev/convoy, and from the responses of its Go client.

import { readConvoySource, type SourceRules } from "./convoy-sources.ts";
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { lowerKeys, readClause, typesFilter } from "./filter-clauses.ts";
import { durationOf, goDurationMs, rateOver } from "./limits.ts";
import { type Listed, listsOf } from "./lists.ts";
import { PUBLISHED, publishSource, tellUnread } from "./publisher-export.ts";

const IRRELEVANT: ReadonlySet<string> = new Set([
  ...["uid", "project_id", "group_id", "created_at", "updated_at", "deleted_at", "events", "failure_rate", "cb_state"],
  ...["owner_id", "app_id", "mask_id", "url", "type", "content_type", "device_metadata", "organisation_id"],
]);
const LISTS = ["sources", "endpoints", "subscriptions"];
const DISABLED = "The connection comes disabled.";
const SIGNATURE_HEADER = "X-Convoy-Signature";
const DEFAULT_WAIT_SECONDS = 10;
const MAX_TIMEOUT_MS = 60_000;

type Kind = "source" | "endpoint" | "subscription";

function kindOf({ under, node }: Listed): Kind | null {
  if (node.kind !== "object") return null;
  if (under !== null) return under.replace(/s$/, "") as Kind;
  const has = (name: string) => node.members.has(name);
  if (has("endpoint_metadata") || has("filter_config") || has("endpoint_id")) return "subscription";
  if (has("verifier") || has("mask_id") || has("pub_sub")) return "source";
  return has("secrets") || has("support_email") || has("advanced_signatures") ? "endpoint" : null;
}

export function readConvoy(draft: Draft, roots: readonly ExportNode[]): void {
  const reading = new ConvoyReading(draft);
  const subscriptions: ExportNode[] = [];
  for (const listed of roots.flatMap((root) => listsOf(root, LISTS))) {
    const kind = kindOf(listed);
    if (kind === "subscription") subscriptions.push(listed.node);
    else if (kind === "source") reading.source(listed.node);
    else if (kind === "endpoint") reading.endpoint(listed.node);
    else listed.node.problem("This is no source, endpoint or subscription: give answers of these lists.");
  }
  for (const node of subscriptions) reading.subscription(node);
}

/** How long something lasts: seconds, or a duration of Go's. */
function lengthMs(node: ExportNode): number | null {
  if (node.kind === "number") return (node.number() ?? 0) * 1_000;
  const text = node.text();
  if (text === null) return null;
  const ms = goDurationMs(text);
  if (ms === null) node.problem("Here stands a length of time, in seconds or such as 1m0s.");
  return ms;
}

class ConvoyReading {
  readonly #draft: Draft;
  readonly #rules = new Map<string, SourceRules>();
  readonly #pausedEndpoints = new Set<string>();
  /** Whose each endpoint is. */
  readonly #owners = new Map<string, string>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** The key of a source; null where it is left out. */
  source(node: ExportNode): string | null {
    const key = node.at("uid").text() ?? node.at("name").text();
    if (key === null) {
      node.problem("A source has a uid and a name.");
      return null;
    }
    if (this.#rules.has(key)) return this.#draft.sources.has(key) ? key : null;
    const name = node.at("name").text() ?? key;
    const { fields, rules } = readConvoySource(this.#draft, node, name, lengthMs);
    this.#rules.set(key, rules);
    if (fields === null) return null;
    tellUnread(this.#draft, node, IRRELEVANT, "a source");
    this.#draft.sources.set(key, { origin: node, name, id: key, fields });
    return key;
  }

  endpoint(node: ExportNode): string | null {
    const key = node.at("uid").text();
    const name = node.at("name").text() ?? node.at("title").text() ?? key;
    if (key === null || name === null) {
      node.problem("An endpoint has a uid and a name.");
      return null;
    }
    if (this.#draft.destinations.has(key)) return key;
    const timeoutMs = lengthMs(node.at("http_timeout"));
    if (timeoutMs !== null && timeoutMs > MAX_TIMEOUT_MS)
      this.#draft.note("changed", node.at("http_timeout"), "A receiver has at most 60 seconds here.");
    const status = node.at("status").text();
    this.#owners.set(key, node.at("owner_id").text() ?? name);
    if (status === "paused") this.#pausedEndpoints.add(key);
    const isDisabled =
      node.at("is_disabled").truth() || (status !== null && status !== "active" && status !== "paused");
    const fields: FlowFields = {
      description: node.at("description").text(),
      url: (node.members.has("url") ? node.at("url") : node.at("target_url")).text() ?? "",
      ...PUBLISHED,
      ...(timeoutMs && { timeout: durationOf(Math.min(MAX_TIMEOUT_MS, timeoutMs)) }),
      ...this.#rate(node),
      ...(isDisabled && { disabled: true }),
      ...this.#authentication(node.part("authentication"), name),
      ...this.#signature(node, name),
    };
    for (const contact of ["support_email", "slack_webhook_url"])
      if (node.at(contact).isSet && node.at(contact).text() !== null)
        this.#draft.noteOnce(
          "left",
          node.at(contact),
          "Whoever is told of failures is set under Settings, Notifications.",
        );
    tellUnread(this.#draft, node, IRRELEVANT, "a destination");
    this.#draft.destinations.set(key, { origin: node, name, id: key, fields });
    return key;
  }

  #rate(node: ExportNode): FlowFields {
    const [limit, window] = [node.at("rate_limit"), lengthMs(node.at("rate_limit_duration"))];
    const rate = rateOver(limit.number() ?? 0, (window ?? 60_000) / 1_000);
    if (rate === null) return {};
    if (!rate.isExact) this.#draft.note("changed", limit, `The limit is ${rate.rate} here, which is the same speed.`);
    return { rateLimit: rate.rate };
  }

  #authentication(node: ExportNode, name: string): FlowFields {
    const key = node.part("api_key");
    const header = key.at("header_name").text();
    const type = node.at("type").text();
    if (type !== null && type !== "api_key") {
      this.#draft.note("left", node, `Deliveries cannot carry ${type} here. The destination comes disabled.`);
      return { disabled: true };
    }
    if (header === null) return {};
    const value = this.#draft.secret(name, `header_${header}`, key.at("header_value"), "Deliveries lack this header.");
    return value ? { headers: { [header]: value } } : {};
  }

  /** Signed as Convoy does by default: a project may have set another header, hash or encoding. */
  #signature(node: ExportNode, name: string): FlowFields {
    const secrets = node.at("secrets").list();
    const value = secrets.at(-1)?.at("value") ?? node.at("secret");
    const without = "The destination has a secret of its own, shown once when it is made: give it to the receiver.";
    const signingSecret = this.#draft.secret(name, "signing_secret", value, without);
    if (node.at("advanced_signatures").truth())
      this.#draft.noteOnce(
        "changed",
        node.at("advanced_signatures"),
        "Advanced signatures are sent as simple ones, without their time. Convoy's libraries take both.",
      );
    if (signingSecret === null) return {};
    this.#draft.noteOnce(
      "changed",
      node,
      `Deliveries are signed in ${SIGNATURE_HEADER} with SHA-256 in hexadecimal digits, as projects are by default: where yours is set otherwise, set it at the destinations.`,
    );
    const auth = { header: SIGNATURE_HEADER, signingSecret, algorithm: "sha256", encoding: "hex" };
    return { authType: "CUSTOM_SIGNATURE", auth };
  }

  /** An end that a subscription holds, or whose uid it has. */
  #sourceOf(node: ExportNode, endpoint: string): string | null {
    const [held, id] = [node.part("source_metadata"), node.at("source_id").text()];
    if (held.kind === "object" && held.at("uid").text() !== null) return this.source(held);
    // Events are published for an owner there: with one source for all, each would get those of the others.
    if (id === null) return publishSource(this.#draft, node, this.#owners.get(endpoint) ?? "convoy", null);
    if (this.#draft.sources.has(id)) return id;
    if (!this.#rules.has(id))
      this.#draft.note("left", node, `Its source ${id} is not in the export: add the list of sources.`);
    return null;
  }

  #endpointOf(node: ExportNode): string | null {
    const [held, id] = [node.part("endpoint_metadata"), node.at("endpoint_id").text()];
    if (id !== null && this.#draft.destinations.has(id)) return id;
    if (held.kind === "object" && held.members.has("uid")) return this.endpoint(held);
    this.#draft.note("left", node, `Its endpoint ${id ?? ""} is not in the export: add the list of endpoints.`);
    return null;
  }

  subscription(node: ExportNode): void {
    const destination = this.#endpointOf(node);
    const source = destination === null ? null : this.#sourceOf(node, destination);
    if (source === null || destination === null || node.at("type").text() === "cli") {
      this.#draft.note("left", node, "The subscription is left out, as one of its ends is.");
      return;
    }
    const [id, name] = [node.at("uid").text() ?? "", node.at("name").text()];
    const rules = this.#rules.get(source) ?? { deduplicate: null, isDisabled: false };
    const filter = this.#filter(node.part("filter_config"));
    const code = node.at("function").text();
    if (code !== null) this.#transformation(node, id, code);
    const isLate = code !== null && filter.clauses?.body !== undefined;
    if (isLate)
      this.#draft.note(
        "left",
        node.part("filter_config"),
        `Here a filter sees what the function has made: look whether it fits. ${DISABLED}`,
      );
    const retry = this.#retry(node.part("retry_config"));
    for (const ignored of ["alert_config", "rate_limit_config"])
      if (node.at(ignored).isSet && node.at(ignored).unread(new Set()).length > 0)
        this.#draft.noteOnce("left", node.at(ignored), `There is no ${ignored} of a connection here: it is left out.`);
    tellUnread(this.#draft, node, new Set([...IRRELEVANT, "status"]), "a connection");
    const status = node.at("status").text();
    const isPaused = status === "paused" || this.#pausedEndpoints.has(destination);
    this.#draft.branches.push({
      ...{ origin: node, source, destination, name, id },
      transform: code === null ? null : id,
      isDisabled: filter.isLost || isLate || rules.isDisabled || status === "inactive",
      fields: {
        ...(isPaused && { paused: true }),
        ...(rules.deduplicate && { deduplicate: rules.deduplicate }),
        ...(filter.clauses && { filter: filter.clauses }),
        ...(retry && { retry }),
      },
    });
  }

  #filter(node: ExportNode): { clauses: FlowFields | null; isLost: boolean } {
    const types = typesFilter(node.at("event_types").texts());
    const filter = node.part("filter");
    const clauses: FlowFields = { ...types };
    let isLost = false;
    for (const [api, part] of [
      ["body", "body"],
      ["headers", "headers"],
      ["query", "query"],
      ["path", "path"],
    ] as const) {
      const clause = filter.at(api);
      if (!clause.isSet || (clause.kind === "object" && clause.members.size === 0)) continue;
      const { clause: read, unknown } = readClause(clause.json(), { isDotted: true });
      if (unknown.length > 0) {
        isLost = true;
        this.#draft.note(
          "left",
          clause,
          `A filter has no operator ${unknown.join(", ")} here: write it anew. ${DISABLED}`,
        );
      } else clauses[part] = part === "headers" ? lowerKeys(read) : read;
    }
    return { clauses: Object.keys(clauses).length > 0 ? clauses : null, isLost };
  }

  /** A function there takes the payload alone. */
  #transformation(node: ExportNode, id: string, code: string): void {
    const name = node.at("name").text() ?? id;
    const whole = `${code}\naddHandler("transform", (request) => {\n  request.body = transform(request.body);\n  return request;\n});\n`;
    this.#draft.transformations.set(id, { origin: node, name, id, fields: { code: whole } });
  }

  #retry(node: ExportNode): FlowFields | null {
    const [type, count] = [node.at("type").text(), node.at("retry_count").number()];
    if (type === null || count === null) return null;
    const waitMs =
      lengthMs(node.at("duration")) ?? lengthMs(node.at("interval_seconds")) ?? DEFAULT_WAIT_SECONDS * 1_000;
    const strategy = type === "exponential" ? "exponential" : "linear";
    tellUnread(this.#draft, node, IRRELEVANT, "a retry rule");
    return { strategy, interval: durationOf(Math.max(1_000, waitMs)), count: Math.min(50, count) };
  }
}
