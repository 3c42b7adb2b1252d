// A source of Convoy: its verifier, and what it asks of every event, which connections do here.
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { durationOf } from "./limits.ts";
import { tellUnread } from "./publisher-export.ts";

/** What the connections of a source have of it. */
export interface SourceRules {
  deduplicate: FlowFields | null;
  isDisabled: boolean;
}

const LEFT = "The source comes disabled: set its authentication, then enable it.";
const PROVIDERS: Record<string, string> = { github: "GITHUB", shopify: "SHOPIFY", twitter: "X" };
const MAX_WINDOW_MS = 3_600_000;
/** `request.body.id` and the like. */
const PLACES: Record<string, string> = { header: "headers", body: "body", queryparam: "query", query: "query" };

export function readConvoySource(
  draft: Draft,
  node: ExportNode,
  name: string,
  lengthMs: (node: ExportNode) => number | null,
): { fields: FlowFields | null; rules: SourceRules } {
  const type = node.at("type").text() ?? "http";
  const rules: SourceRules = { deduplicate: readKeys(draft, node, lengthMs), isDisabled: false };
  if (type !== "http") {
    draft.note(
      "left",
      node,
      `A source of type ${type} is left out: webhooks come over HTTP, events by POST /v1/publish.`,
    );
    return { fields: null, rules };
  }
  for (const code of ["body_function", "header_function"]) {
    if (node.at(code).text() === null) continue;
    draft.note(
      "left",
      node.at(code),
      "A source has no function here: write a transformation. Its connections come disabled.",
    );
    rules.isDisabled = true;
  }
  if (node.at("forward_headers").list().length > 0)
    draft.note("changed", node.at("forward_headers"), "All headers go along, but for credentials.");
  const answer = node.part("custom_response");
  const [body, contentType] = [answer.at("body").text(), answer.at("content_type").text()];
  const fields: FlowFields = {
    ...(node.at("is_disabled").truth() && { disabled: true }),
    ...((body ?? contentType) !== null && {
      customResponse: { body: body ?? "", contentType: contentType ?? "text/plain" },
    }),
    ...verifierOf(draft, node, name),
  };
  const verifier = node.part("verifier");
  const scheme = verifier.at("type").text();
  // A provider's own scheme says the rest.
  if (fields.authType !== undefined && scheme !== null) tellUnread(draft, verifier.part(scheme), new Set(), "a source");
  return { fields, rules };
}

function verifierOf(draft: Draft, node: ExportNode, name: string): FlowFields {
  const verifier = node.part("verifier");
  const provider = PROVIDERS[node.at("provider").text() ?? ""];
  const isProved = verifier.members.size > 0;
  const type = verifier.at("type").text() ?? (isProved ? "without a type" : "noop");
  const secret = (value: ExportNode) => draft.secret(name, "secret", value, LEFT);
  const [hmac, basic, apiKey] = [verifier.part("hmac"), verifier.part("basic_auth"), verifier.part("api_key")];
  if (provider !== undefined) {
    const key = secret(hmac.at("secret"));
    return key ? { type: provider, auth: { secret: key } } : { type: provider };
  }
  if (type === "hmac") {
    const algorithm = (hmac.at("hash").text() ?? "SHA256").toLowerCase().replace("-", "");
    const key = secret(hmac.at("secret"));
    if (!/^sha(?:1|256|512)$/.test(algorithm)) draft.note("left", hmac, `${algorithm} is no algorithm here. ${LEFT}`);
    else if (key) {
      const encoding = hmac.at("encoding").text() ?? "hex";
      const auth = { secret: key, signatureHeader: hmac.at("header").text() ?? "", algorithm, encoding };
      return { authType: "HMAC", auth };
    }
    return { disabled: true };
  }
  if (type === "basic_auth") {
    const password = secret(basic.at("password"));
    const username = basic.at("username").text() ?? "";
    return password ? { authType: "BASIC_AUTH", auth: { username, password } } : { disabled: true };
  }
  if (type === "api_key") {
    const key = secret(apiKey.at("header_value"));
    const header = apiKey.at("header_name").text() ?? "x-api-key";
    return key ? { authType: "API_KEY", auth: { header, apiKey: key } } : { disabled: true };
  }
  if (type === "noop") return {};
  draft.note("left", verifier, `There is no verifier ${type} here. ${LEFT}`);
  return { disabled: true };
}

/** Idempotency keys of a source: each of its connections deduplicates by them. */
function readKeys(draft: Draft, node: ExportNode, lengthMs: (node: ExportNode) => number | null): FlowFields | null {
  const [keys, ttl] = [node.at("idempotency_keys"), node.at("idempotency_ttl")];
  const fields = keys.list().flatMap((key) => {
    const [, place = "", rest = ""] = /^req(?:uest)?\.(\w+)\.(.+)$/.exec(key.text() ?? "") ?? [];
    const part = PLACES[place.toLowerCase()];
    if (part !== undefined) return [`${part}.${part === "headers" ? rest.toLowerCase() : rest}`];
    draft.note("left", key, "This is no place in a request here, such as request.body.id.");
    return [];
  });
  const givenMs = lengthMs(ttl);
  if (fields.length === 0) return null;
  const windowMs = Math.min(MAX_WINDOW_MS, Math.max(1_000, givenMs ?? MAX_WINDOW_MS));
  if (givenMs !== windowMs)
    draft.note("changed", ttl.isSet ? ttl : keys, "Copies are told from each other for an hour at most here.");
  return { window: durationOf(windowMs), includeFields: fields };
}
