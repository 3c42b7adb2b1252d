// Hookdeck's API from version 2025-07-01 on: `GET /connections` holds its sources and destinations, `GET /transformations` the code.
// Shapes from Hookdeck's OpenAPI document of that version, and from `pkg/hookdeck` of its open command line.
import { PROVIDER_TYPES } from "#server/contracts/provider.ts";
import type { Draft, FlowFields, SecretRef } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { IRRELEVANT, readGateway } from "./gateway-export.ts";

const SOURCE_LEFT = "The source comes disabled: set its authentication, then enable it.";
const DESTINATION_LEFT = "The destination comes disabled: set its authentication, then enable it.";
/** Types that carry no provider's signature. */
const PLAIN = new Set(["WEBHOOK", "HTTP", "MANAGED"]);
const CONTENT_TYPES: Record<string, string> = { json: "application/json", text: "text/plain", xml: "application/xml" };
const SIGNATURE_HEADER = "x-hookdeck-signature";

const isProvider = (type: string) => (PROVIDER_TYPES as readonly string[]).includes(type);

function restOf(draft: Draft, parts: readonly ExportNode[], what: string): void {
  for (const field of parts.flatMap((part) => part.unread(IRRELEVANT)))
    draft.note("left", field, `There is no such setting of a ${what} here: it is left out.`);
}

/** `verification` and `auth_method` stood beside the config in older versions: to overlook them would open a source. */
function refuseOlder(node: ExportNode, field: string): void {
  if (node.at(field).isSet)
    node.at(field).problem("This is of an older version of the API: export by https://api.hookdeck.com/2025-07-01.");
}

function source(draft: Draft, node: ExportNode, name: string): FlowFields {
  refuseOlder(node, "verification");
  const type = node.at("type").text() ?? "WEBHOOK";
  const config = node.part("config");
  const methods = config.at("allowed_http_methods").texts();
  const answer = config.part("custom_response");
  const contentType = answer.at("content_type").text() ?? "json";
  const settings: FlowFields = {
    ...(methods.length > 0 && { allowedHttpMethods: methods }),
    ...(answer.isSet && {
      customResponse: {
        contentType: CONTENT_TYPES[contentType] ?? contentType,
        body: answer.at("body").text() ?? "",
      },
    }),
    ...sourceAuth(draft, node, type, name),
  };
  // Of authentication that is not carried over no field is told.
  restOf(draft, [config, answer, ...(settings.disabled ? [] : [config.part("auth")])], "source");
  return settings;
}

function sourceAuth(draft: Draft, node: ExportNode, type: string, name: string): FlowFields {
  const config = node.part("config");
  const auth = config.part("auth");
  const authType = config.at("auth_type").text();
  if (type === "PUBLISH_API") return { type: "PUBLISH" };
  if (PLAIN.has(type)) return plainAuth(draft, { auth, authType, name });
  if (isProvider(type)) return { type, ...providerAuth(draft, auth, name) };
  if (auth.isSet && auth.members.size > 0) {
    draft.note("left", node.at("type"), `${type} is verified by no scheme here. ${SOURCE_LEFT}`);
    return { disabled: true };
  }
  draft.note("changed", node.at("type"), `There is no type ${type} here: the source is of type WEBHOOK.`);
  return {};
}

interface PlainAuth {
  auth: ExportNode;
  authType: string | null;
  name: string;
}

function plainAuth(draft: Draft, { auth, authType, name }: PlainAuth): FlowFields {
  if (authType === null && auth.members.size > 0) {
    draft.note("left", auth, `It is not said what this proves the sender by. ${SOURCE_LEFT}`);
    return { disabled: true };
  }
  if (authType === null || authType === "NONE") return {};
  const secret = (field: string) => draft.secret(name, "secret", auth.at(field), SOURCE_LEFT);
  if (authType === "HMAC") {
    const algorithm = auth.at("algorithm").text() ?? "sha256";
    const key = secret("webhook_secret_key");
    if (!/^sha(?:1|256|512)$/.test(algorithm)) {
      draft.note("left", auth.at("algorithm"), `${algorithm} is no algorithm here. ${SOURCE_LEFT}`);
      return { disabled: true };
    }
    if (key === null) return { disabled: true };
    const encoding = auth.at("encoding").text() ?? "hex";
    const header = auth.at("header_key").text() ?? "";
    return { authType: "HMAC", auth: { secret: key, signatureHeader: header, algorithm, encoding } };
  }
  if (authType === "BASIC_AUTH") {
    const password = secret("password");
    const username = auth.at("username").text() ?? "";
    return password ? { authType, auth: { username, password } } : { disabled: true };
  }
  if (authType === "API_KEY") {
    const apiKey = secret("api_key");
    const header = auth.at("header_key").text() ?? "x-api-key";
    return apiKey ? { authType, auth: { header, apiKey } } : { disabled: true };
  }
  if (isProvider(authType)) return { authType, ...providerAuth(draft, auth, name) };
  draft.note("left", auth, `There is no authentication ${authType} here. ${SOURCE_LEFT}`);
  return { disabled: true };
}

const PROVIDER_SECRETS = ["webhook_secret_key", "api_key", "public_key", "secret", "token"];

/** A provider's source without its secret refuses what comes, so it need not be disabled. */
function providerAuth(draft: Draft, auth: ExportNode, name: string): FlowFields {
  const without = "The source refuses what comes until its secret is set.";
  const username = auth.at("username").text();
  if (username !== null) {
    const password = draft.secret(name, "secret", auth.at("password"), without);
    return password ? { auth: { username, password } } : {};
  }
  const field = PROVIDER_SECRETS.find((each) => auth.members.has(each)) ?? "webhook_secret_key";
  const secret = draft.secret(name, "secret", auth.at(field), without);
  return secret ? { auth: { secret } } : {};
}

function destination(draft: Draft, node: ExportNode, name: string): FlowFields | null {
  refuseOlder(node, "auth_method");
  const type = node.at("type").text() ?? "HTTP";
  const config = node.part("config");
  if (type === "MOCK_API") return { type: "MOCK" };
  if (type !== "HTTP") {
    const instead = type === "CLI" ? "switchyard listen brings events to a machine" : "there is no such type";
    draft.note("left", node, `A destination of type ${type} is left out: ${instead}.`);
    return null;
  }
  const fields: FlowFields = {
    url: config.at("url").text() ?? "",
    httpMethod: config.at("http_method").text(),
    ...(config.at("path_forwarding_disabled").truth() && { pathForwardingDisabled: true }),
    ...pace(config.at("rate_limit").number(), config.at("rate_limit_period").text()),
    ...policy(config.part("delivery_policy")),
    ...destinationAuth(draft, config, name),
  };
  const delivery = config.part("delivery_policy");
  const parts = [config, delivery, delivery.part("groups"), ...(fields.disabled ? [] : [config.part("auth")])];
  restOf(draft, parts, "destination");
  return fields;
}

/** Without a period it is one second there. */
const pace = (limit: number | null, period: string | null): FlowFields =>
  limit === null
    ? {}
    : period === "concurrent"
      ? { concurrency: limit }
      : { rateLimit: `${limit}/${period ?? "second"}` };

/** Of versions from 2026-09-01 on. */
function policy(node: ExportNode): FlowFields {
  if (!node.isSet) return {};
  const groups = node.part("groups");
  const limit = groups.at("rate").number();
  const period = groups.at("rate_period").text() ?? "second";
  const each = period === "concurrent" ? { concurrency: limit } : { rateLimit: limit, rateLimitPeriod: period };
  return {
    ...pace(node.at("rate").number(), node.at("period").text()),
    ...(groups.isSet && { groups: { key: groups.at("key").text() ?? "", ...(limit !== null && each) } }),
  };
}

function destinationAuth(draft: Draft, config: ExportNode, name: string): FlowFields {
  const auth = config.part("auth");
  const type = config.at("auth_type").text() ?? "HOOKDECK_SIGNATURE";
  const secret = (field: string) => draft.secret(name, "secret", auth.at(field), DESTINATION_LEFT);
  const withAuth = (authType: string, value: FlowFields, key: SecretRef | null): FlowFields =>
    key === null ? { disabled: true } : { authType, auth: value };
  if (type === "HOOKDECK_SIGNATURE") {
    // One secret signs for the whole project, and no answer of the API holds it.
    const key = draft.secret(
      "project",
      "signing_secret",
      auth.at("signing_secret"),
      `each destination has a secret of its own, and its receiver has to verify webhook-signature. With it deliveries are signed in ${SIGNATURE_HEADER} as before.`,
      "project",
    );
    return key ? customSignature(SIGNATURE_HEADER, key) : {};
  }
  if (type === "CUSTOM_SIGNATURE") {
    const key = secret("signing_secret");
    return key ? customSignature(auth.at("key").text() ?? "", key) : { disabled: true };
  }
  if (type === "BASIC_AUTH") {
    const password = secret("password");
    return withAuth(type, { username: auth.at("username").text(), password }, password);
  }
  if (type === "BEARER_TOKEN") {
    const token = secret("token");
    return withAuth(type, { token }, token);
  }
  const to = auth.at("to").text() ?? "header";
  if (type === "API_KEY" && to === "header") {
    const apiKey = secret("api_key");
    return withAuth(type, { header: auth.at("key").text() ?? "x-api-key", apiKey }, apiKey);
  }
  const what = type === "API_KEY" ? `a key in the ${to}` : type;
  draft.note("left", auth.isSet ? auth : config, `Deliveries cannot carry ${what} here. ${DESTINATION_LEFT}`);
  return { disabled: true, authType: "NONE" };
}

/** Hookdeck signs the body with SHA-256, in base64. */
const customSignature = (header: string, signingSecret: SecretRef): FlowFields => ({
  authType: "CUSTOM_SIGNATURE",
  auth: { header, signingSecret, algorithm: "sha256", encoding: "base64" },
});

export const readHookdeck = (draft: Draft, roots: readonly ExportNode[]): void =>
  readGateway(draft, roots, { source, destination });
