// A source as its form knows it: its fields by their paths in the API. Pure.
import type { Values } from "#components/resource-form/values.ts";
import { PROVIDERS } from "#server/contracts/provider.ts";
import type { Source, SourceAuthType } from "#server/contracts/source.ts";
import { AUTH_FORMS } from "./auth-fields.ts";
import { writeAuth } from "./auth-values.ts";

export const METHODS = ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS"] as const;
const AUTH = "config.auth.";
const RESPONSE = "config.custom_response.";
const MIB = 1024 * 1024;

/** All fields of the form: the server's errors stand at theirs. */
export const FIELDS: readonly string[] = [
  "name",
  "description",
  "type",
  "config.auth_type",
  ...new Set(Object.values(AUTH_FORMS).flatMap(({ fields }) => fields.map(({ name }) => AUTH + name))),
  "config.allowed_http_methods",
  "config.deduplicate_provider_events",
  "config.body_limit_bytes",
  "config.rate_limit",
  "config.rate_limit_period",
  "config.masked_paths",
  `${RESPONSE}status`,
  `${RESPONSE}content_type`,
  `${RESPONSE}body`,
];

const LABELS: Record<string, string> = {
  name: "Name",
  description: "Description",
  type: "Provider",
  "config.auth_type": "Proof of the sender",
  "config.allowed_http_methods": "Methods",
  "config.deduplicate_provider_events": "Drop what the provider sends twice",
  "config.body_limit_bytes": "Largest body",
  "config.rate_limit": "Rate limit",
  "config.rate_limit_period": "Period of the rate limit",
  "config.masked_paths": "Masked",
  custom_response: "Own answer",
  [`${RESPONSE}status`]: "Status of the answer",
  [`${RESPONSE}content_type`]: "Content type of the answer",
  [`${RESPONSE}body`]: "Body of the answer",
};

export function labelOf(field: string): string {
  const name = field.startsWith(AUTH) ? field.slice(AUTH.length) : null;
  const known = Object.values(AUTH_FORMS).flatMap(({ fields }) => fields);
  return LABELS[field] ?? known.find((each) => each.name === name)?.label ?? field;
}

/** Secrets are kept in no storage of the browser. */
export const isSecret = (field: string): boolean =>
  field.startsWith(AUTH) &&
  Object.values(AUTH_FORMS).some(({ fields }) =>
    fields.some(({ name, kind }) => kind === "secret" && AUTH + name === field),
  );

/** A number of bytes in the largest unit that holds it whole: `10 MiB`, `1000`. */
export function bytesText(bytes: number): string {
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : String(bytes);
}

/** The bytes of `10 MiB`, `64 KiB` or `1000`; what is none of these stays as it is, so that the server names the field. */
export function readBytes(text: string): number | string {
  const [, digits, unit] = /^\s*(\d+)\s*(b|bytes|ki?b|mi?b)?\s*$/i.exec(text) ?? [];
  if (digits === undefined) return text;
  const size = /^k/i.test(unit ?? "") ? 1024 : /^m/i.test(unit ?? "") ? MIB : 1;
  return Number(digits) * size;
}

export function valuesOf({ name, description, type, config }: Source): Values {
  const { auth_type, auth, custom_response: own } = config;
  const ofAuth = AUTH_FORMS[auth_type].fields.map(({ name: field, kind }) => [
    AUTH + field,
    kind === "secret" ? undefined : String(auth[field] ?? ""),
  ]);
  return {
    name,
    description: description ?? "",
    type,
    "config.auth_type": auth_type,
    ...Object.fromEntries(ofAuth),
    "config.allowed_http_methods": config.allowed_http_methods,
    "config.deduplicate_provider_events": config.deduplicate_provider_events,
    "config.body_limit_bytes": bytesText(config.body_limit_bytes),
    "config.rate_limit": config.rate_limit === null ? "" : String(config.rate_limit),
    "config.rate_limit_period": config.rate_limit_period,
    "config.masked_paths": config.masked_paths.join("\n"),
    custom_response: own !== null,
    [`${RESPONSE}status`]: String(own?.status ?? 200),
    [`${RESPONSE}content_type`]: own?.content_type ?? "application/json",
    [`${RESPONSE}body`]: own?.body ?? "",
  };
}

const numberOf = (text: unknown) => (/^\d+$/.test(String(text).trim()) ? Number(text) : text);

/** An emptied limit is none. */
const limitOf = (text: unknown) => (String(text).trim() === "" ? null : numberOf(text));

const linesOf = (text: unknown) =>
  String(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The fields of an auth type that were changed, as the API takes them. */
function authOf(authType: SourceAuthType, values: Values, changed: ReadonlySet<string>): Record<string, unknown> {
  const typed = AUTH_FORMS[authType].fields.filter(({ name }) => changed.has(AUTH + name));
  return writeAuth(authType, Object.fromEntries(typed.map(({ name }) => [name, values[AUTH + name] as string])));
}

/** What is sent of the fields that were changed. @param all the whole form */
export function changesOf(changes: Values, all: Values): Record<string, unknown> {
  const changed = new Set(Object.keys(changes));
  const has = (field: string) => changed.has(field);
  const authType = all["config.auth_type"] as SourceAuthType;
  const auth = authOf(authType, all, changed);
  const hasAnswer = all.custom_response === true;
  const isAnswerChanged =
    has("custom_response") || (hasAnswer && [...changed].some((field) => field.startsWith(RESPONSE)));
  const config = {
    ...(has("config.auth_type") && { auth_type: authType }),
    ...((Object.keys(auth).length > 0 || has("config.auth_type")) && { auth }),
    ...(has("config.allowed_http_methods") && { allowed_http_methods: all["config.allowed_http_methods"] }),
    ...(has("config.deduplicate_provider_events") && {
      deduplicate_provider_events: all["config.deduplicate_provider_events"],
    }),
    ...(has("config.body_limit_bytes") && { body_limit_bytes: readBytes(String(all["config.body_limit_bytes"])) }),
    ...(has("config.rate_limit") && { rate_limit: limitOf(all["config.rate_limit"]) }),
    ...(has("config.rate_limit_period") && { rate_limit_period: all["config.rate_limit_period"] }),
    ...(has("config.masked_paths") && { masked_paths: linesOf(all["config.masked_paths"]) }),
    ...(isAnswerChanged && {
      custom_response: hasAnswer
        ? {
            status: numberOf(all[`${RESPONSE}status`]),
            content_type: all[`${RESPONSE}content_type`],
            body: all[`${RESPONSE}body`],
          }
        : null,
    }),
  };
  return {
    ...(has("name") && { name: all.name }),
    ...(has("description") && { description: all.description === "" ? null : all.description }),
    ...(has("type") && { type: all.type }),
    ...(Object.keys(config).length > 0 && { config }),
  };
}

/** A value as a sentence shows it. */
export function textOf(field: string, value: unknown): string {
  if (field === "type") return PROVIDERS[value as keyof typeof PROVIDERS]?.title ?? "Any other sender";
  if (isSecret(field)) return "another secret";
  if (field === "config.rate_limit" && value === "") return "no limit";
  if (value === "" || value === undefined || value === null) return "empty";
  if (typeof value === "boolean") return value ? "on" : "off";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
