// FastHook's API: lists of sources, destinations, connections and transformations, each `{data: […]}`. Our API has the same names,
// so that a config is only spelt anew. Shapes from FastHook's guides (fan-in, fan-out), whose calls our API takes as they are printed.
import { PROVIDER_TYPES } from "#server/contracts/provider.ts";
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { IRRELEVANT, readGateway } from "./gateway-export.ts";
import { durationOf } from "./limits.ts";

const SOURCE_LEFT = "The source comes disabled: set its authentication, then enable it.";
const DESTINATION_LEFT = "The destination comes disabled: set its authentication, then enable it.";

const SOURCE_TYPES = new Set<string>(["WEBHOOK", "PUBLISH", ...PROVIDER_TYPES]);

/** The secret of each way to prove a sender, and the other fields that it has. */
const SOURCE_AUTH: Record<string, { secret: string; open: readonly string[] }> = {
  HMAC: { secret: "secret", open: ["signature_header", "algorithm", "encoding"] },
  BASIC_AUTH: { secret: "password", open: ["username"] },
  API_KEY: { secret: "api_key", open: ["header"] },
  STANDARD_WEBHOOKS: { secret: "secret", open: [] },
};
const DESTINATION_AUTH: Record<string, { secret: string; open: readonly string[] }> = {
  CUSTOM_SIGNATURE: { secret: "signing_secret", open: ["header", "algorithm", "encoding"] },
  BASIC_AUTH: { secret: "password", open: ["username"] },
  API_KEY: { secret: "api_key", open: ["header"] },
  BEARER_TOKEN: { secret: "token", open: [] },
};

const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `auth` in the words of a flow; null where its secret is missing. */
function authOf(
  auth: ExportNode,
  { secret, open }: { secret: string; open: readonly string[] },
  secretOf: (value: ExportNode) => object | null,
): FlowFields | null {
  const fields = open.flatMap((name): [string, string][] => {
    const value = auth.at(name).text();
    return value === null ? [] : [[camel(name), value]];
  });
  const key = secretOf(auth.at(secret));
  return key === null ? null : { ...Object.fromEntries(fields), [camel(secret)]: key };
}

function restOf(draft: Draft, nodes: readonly ExportNode[], what: string): void {
  for (const field of nodes.flatMap((node) => node.unread(IRRELEVANT)))
    draft.note("left", field, `There is no such setting of a ${what} here: it is left out.`);
}

/** `900/minute`. */
function rateOf(config: ExportNode): FlowFields {
  const limit = config.at("rate_limit").number();
  const period = config.at("rate_limit_period").text() ?? "minute";
  return limit === null ? {} : { rateLimit: `${limit}/${period}` };
}

function source(draft: Draft, node: ExportNode, name: string): FlowFields {
  const config = node.part("config");
  const [methods, answer] = [config.at("allowed_http_methods").texts(), config.part("custom_response")];
  const type = node.at("type").text() ?? "WEBHOOK";
  const isKnown = SOURCE_TYPES.has(type);
  if (!isKnown) draft.note("changed", node.at("type"), `There is no type ${type} here: the source is of type WEBHOOK.`);
  const settings: FlowFields = {
    ...(isKnown && { type }),
    ...(methods.length > 0 && { allowedHttpMethods: methods }),
    ...(answer.isSet && {
      customResponse: {
        status: answer.at("status").number() ?? 200,
        contentType: answer.at("content_type").text() ?? "application/json",
        body: answer.at("body").text() ?? "",
      },
    }),
    ...rateOf(config),
    ...sourceAuth(draft, config, { name, type, isKnown }),
  };
  restOf(draft, [config, config.part("auth"), answer], "source");
  return settings;
}

function sourceAuth(
  draft: Draft,
  config: ExportNode,
  { name, type, isKnown }: { name: string; type: string; isKnown: boolean },
): FlowFields {
  const auth = config.part("auth");
  const isProvider = isKnown && type !== "WEBHOOK" && type !== "PUBLISH";
  const authType = config.at("auth_type").text() ?? (isProvider ? type : "NONE");
  if (authType === "NONE" && auth.members.size > 0) {
    draft.note("left", auth, `It is not said what this proves the sender by. ${SOURCE_LEFT}`);
    return { disabled: true };
  }
  if (authType === "NONE") return isProvider ? { authType } : {};
  const scheme = SOURCE_AUTH[authType] ?? (SOURCE_TYPES.has(authType) ? { secret: "secret", open: [] } : null);
  if (scheme === null) {
    draft.note("left", config.at("auth_type"), `There is no authentication ${authType} here. ${SOURCE_LEFT}`);
    return { disabled: true };
  }
  const read = authOf(auth, scheme, (value) => draft.secret(name, scheme.secret, value, SOURCE_LEFT));
  return read === null ? { disabled: true } : { ...(authType !== type && { authType }), auth: read };
}

function destination(draft: Draft, node: ExportNode, name: string): FlowFields | null {
  const type = node.at("type").text() ?? "HTTP";
  const config = node.part("config");
  if (type === "MOCK") return { type };
  if (type !== "HTTP") {
    draft.note("left", node, `A destination of type ${type} is left out: HTTP and MOCK are carried over.`);
    return null;
  }
  const [timeoutMs, concurrency] = [config.at("timeout_ms").number(), config.at("concurrency").number()];
  const fields: FlowFields = {
    url: config.at("url").text() ?? "",
    httpMethod: config.at("http_method").text(),
    ...(config.at("path_forwarding_disabled").truth() && { pathForwardingDisabled: true }),
    ...rateOf(config),
    ...(timeoutMs !== null && { timeout: durationOf(timeoutMs) }),
    ...(concurrency !== null && { concurrency }),
    ...headersOf(draft, config, name),
    ...destinationAuth(draft, config, name),
  };
  restOf(draft, [config, config.part("auth")], "destination");
  return fields;
}

function headersOf(draft: Draft, config: ExportNode, name: string): FlowFields {
  const headers = [...config.part("headers").members].flatMap(([header, value]): [string, object][] => {
    const secret = draft.secret(name, `header_${header}`, value, "Deliveries lack this header.");
    return secret === null ? [] : [[header, secret]];
  });
  return headers.length > 0 ? { headers: Object.fromEntries(headers) } : {};
}

function destinationAuth(draft: Draft, config: ExportNode, name: string): FlowFields {
  const authType = config.at("auth_type").text() ?? "FASTHOOK_SIGNATURE";
  if (authType === "NONE") return { authType };
  if (authType === "FASTHOOK_SIGNATURE") {
    const message =
      "Each destination signs with a secret of its own, shown once when it is made: give it to the receiver.";
    draft.noteOnce("changed", config, message);
    return {};
  }
  const scheme = DESTINATION_AUTH[authType];
  if (scheme === undefined) {
    draft.note("left", config.at("auth_type"), `There is no authentication ${authType} here. ${DESTINATION_LEFT}`);
    return { disabled: true, authType: "NONE" };
  }
  const read = authOf(config.part("auth"), scheme, (value) =>
    draft.secret(name, scheme.secret, value, DESTINATION_LEFT),
  );
  return read === null ? { disabled: true, authType: "NONE" } : { authType, auth: read };
}

export const readFasthook = (draft: Draft, roots: readonly ExportNode[]): void =>
  readGateway(draft, roots, { source, destination });
