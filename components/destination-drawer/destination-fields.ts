// A destination as its form knows it: texts and choices, and back to what the API takes. Pure.
import { durationWords, readDuration } from "#components/resource-form/duration-words.ts";
import { numberText, sentNumber } from "#components/resource-form/numbers.ts";
import type { Values } from "#components/resource-form/values.ts";
import type { Destination } from "#server/contracts/destination.ts";
import type { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { windowWords } from "#server/contracts/maintenance-words.ts";
import { GROUP_LABELS, type GroupRow, groupValues, overrideWords, sentGroups } from "./group-values.ts";
import { S3_CONFIG, S3_LABELS, s3Values } from "./s3-values.ts";

export const AS_RECEIVED = "AS_RECEIVED";
export const NO_ERROR = "NO_ERROR";
export const DEFAULT_RETRY = "default";
export const NO_LETTERS = "none";

/** One header as a row of the form. */
export interface HeaderRow {
  name: string;
  value: string;
}

const SECRET_AUTH = ["signing_secret", "password", "api_key", "token", "url_path", "secret_access_key"] as const;
const AUTH_OF: Readonly<Record<string, readonly string[]>> = {
  SWITCHYARD_SIGNATURE: [],
  CUSTOM_SIGNATURE: ["header", "signing_secret", "algorithm", "encoding"],
  BASIC_AUTH: ["username", "password"],
  API_KEY: ["header", "api_key"],
  BODY_KEY: ["field", "api_key"],
  BEARER_TOKEN: ["token"],
  SECRET_PATH: ["url_path"],
  NONE: [],
};
/** A bucket has one way to sign in. */
const S3_AUTH = ["access_key_id", "secret_access_key"];
const CLEAR_AUTH = ["header", "field", "username", "algorithm", "encoding"] as const;

/** Kept in no storage of the browser: credentials, and headers, whose values are sealed as such. */
export const isSecret = (field: string): boolean =>
  field === "config.headers" || SECRET_AUTH.some((name) => field === `config.auth.${name}`);

function retryValues({ retry }: Destination["config"]): Values {
  return {
    "config.retry.strategy": retry?.strategy ?? DEFAULT_RETRY,
    "config.retry.interval": retry?.interval === undefined ? "" : durationWords(retry.interval),
    "config.retry.count": retry?.count === undefined ? "" : String(retry.count + 1),
    "config.retry.schedule": retry?.schedule?.map(durationWords).join(", ") ?? "",
    "config.retry.response_status_codes": retry?.response_status_codes?.join(", ") ?? "",
  };
}

function troubleValues({ breaker, dead_letter_destination_id }: Destination["config"]): Values {
  return {
    "config.breaker.consecutive_failures": numberText(breaker.consecutive_failures),
    "config.breaker.failure_share":
      breaker.failure_share === null ? "" : `${Math.round(breaker.failure_share * 1000) / 10} %`,
    "config.breaker.window_ms": durationWords(breaker.window_ms),
    "config.breaker.min_tries": String(breaker.min_tries),
    "config.breaker.probe_min_ms": durationWords(breaker.probe_min_ms),
    "config.breaker.probe_max_ms": durationWords(breaker.probe_max_ms),
    "config.breaker.good_probes": String(breaker.good_probes),
    "config.breaker.count_timeouts": breaker.count_timeouts,
    "config.breaker.ramp_ms": durationWords(breaker.ramp_ms),
    "config.dead_letter_destination_id": dead_letter_destination_id ?? NO_LETTERS,
  };
}

function kindValues(destination: Destination): Values {
  if (destination.type === "MOCK") {
    const { status, latency_ms, body, error_code, answers } = destination.config;
    return {
      "config.status": String(status),
      "config.latency_ms": durationWords(latency_ms),
      "config.body": body,
      "config.error_code": error_code ?? NO_ERROR,
      "config.answers": answers.length === 0 ? "" : JSON.stringify(answers, null, 2),
    };
  }
  if (destination.type === "S3") return s3Values(destination.config);
  if (destination.type === "CLI") return {};
  if (destination.type === "EMAIL") return { "config.to": destination.config.to.join(", ") };
  const { url, http_method, path_forwarding_disabled, headers, timeout_ms, auth_type, auth } = destination.config;
  return {
    ...groupValues(destination.config.groups),
    "config.url": url,
    "config.http_method": http_method ?? AS_RECEIVED,
    "config.path_forwarding_disabled": path_forwarding_disabled,
    "config.headers": Object.entries(headers).map(([name, value]): HeaderRow => ({ name, value })),
    "config.timeout_ms": durationWords(timeout_ms),
    "config.auth_type": auth_type,
    ...Object.fromEntries(CLEAR_AUTH.map((name) => [`config.auth.${name}`, auth[name] ?? ""])),
    ...Object.fromEntries(SECRET_AUTH.map((name) => [`config.auth.${name}`, undefined])),
  };
}

export function valuesOf(destination: Destination): Values {
  const { name, description, config } = destination;
  return {
    name,
    description: description ?? "",
    ...kindValues(destination),
    "config.rate_limit": numberText(config.rate_limit),
    "config.rate_limit_period": config.rate_limit_period,
    "config.concurrency": String(config.concurrency),
    "config.ordering": config.ordering,
    "config.ordering_key": config.ordering_key ?? "",
    "config.on_order_failure": config.on_order_failure,
    "config.maintenance_windows": config.maintenance_windows,
    ...retryValues(config),
    ...troubleValues(config),
  };
}

const sentDuration = (text: unknown, bare: "ms" | "s" = "s"): unknown =>
  readDuration(String(text), bare) ?? (String(text).trim() || null);
const listOf = (text: unknown) =>
  String(text)
    .split(/[,\s]*,[,\s]*|\n/)
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** `50 %`, and 0.5 as well. */
function sentShare(text: unknown): unknown {
  const trimmed = String(text).trim();
  if (trimmed === "") return null;
  const number = Number(trimmed.replace(/\s*%$/, ""));
  if (Number.isNaN(number)) return trimmed;
  return trimmed.endsWith("%") || number > 1 ? number / 100 : number;
}

const BREAKER: Readonly<Record<string, (value: unknown) => unknown>> = {
  consecutive_failures: sentNumber,
  failure_share: sentShare,
  window_ms: (value) => sentDuration(value),
  min_tries: sentNumber,
  probe_min_ms: (value) => sentDuration(value),
  probe_max_ms: (value) => sentDuration(value),
  good_probes: sentNumber,
  count_timeouts: (value) => value,
  ramp_ms: (value) => sentDuration(value),
};

function sentRetry(all: Values): unknown {
  const at = (name: string) => all[`config.retry.${name}`];
  const strategy = at("strategy");
  if (strategy === DEFAULT_RETRY) return null;
  const statuses = listOf(at("response_status_codes"));
  // A person counts the first try too, as the rules do; the API counts what follows it.
  const tries = sentNumber(at("count"));
  const count = typeof tries === "number" ? tries - 1 : tries;
  const waits =
    strategy === "custom"
      ? { schedule: listOf(at("schedule")).map((word) => sentDuration(word)), ...(count !== null && { count }) }
      : { interval: sentDuration(at("interval")), count };
  return { strategy, ...waits, ...(statuses.length > 0 && { response_status_codes: statuses }) };
}

function sentAuth(changes: Values, all: Values): Record<string, unknown> {
  const isRetyped = Object.hasOwn(changes, "config.auth_type");
  const names = AUTH_OF[String(all["config.auth_type"])] ?? S3_AUTH;
  const asked = isRetyped ? names : names.filter((name) => Object.hasOwn(changes, `config.auth.${name}`));
  const entries = asked.map((name) => [name, all[`config.auth.${name}`]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}

function sentJson(text: unknown): unknown {
  if (String(text).trim() === "") return [];
  try {
    return JSON.parse(String(text));
  } catch {
    return String(text);
  }
}

const CONFIG: Readonly<Record<string, (value: unknown) => unknown>> = {
  url: String,
  http_method: (value) => (value === AS_RECEIVED ? null : value),
  path_forwarding_disabled: (value) => value,
  timeout_ms: (value) => sentDuration(value),
  auth_type: (value) => value,
  headers: (value) =>
    Object.fromEntries((value as HeaderRow[]).filter(({ name }) => name !== "").map((row) => [row.name, row.value])),
  status: sentNumber,
  latency_ms: (value) => sentDuration(value, "ms"),
  body: (value) => value,
  error_code: (value) => (value === NO_ERROR ? null : value),
  answers: sentJson,
  rate_limit: sentNumber,
  rate_limit_period: (value) => value,
  concurrency: sentNumber,
  ...S3_CONFIG,
  to: listOf,
  dead_letter_destination_id: (value) => (value === NO_LETTERS ? null : value),
  ordering: (value) => value,
  ordering_key: (value) => String(value).trim() || null,
  on_order_failure: (value) => value,
  maintenance_windows: (value) => value,
};

/** What is sent of the fields that were changed: `config` is merged by the server. */
export function changesOf(changes: Values, all: Values): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  const sent: Record<string, unknown> = {};
  const breaker: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(changes)) {
    const [top = "", name = "", below] = field.split(".");
    if (top !== "config") sent[field] = field === "description" && value === "" ? null : value;
    else if (name === "retry") config.retry = sentRetry(all);
    else if (name === "groups") config.groups = sentGroups(all);
    else if (name === "breaker" && below) breaker[below] = BREAKER[below]?.(value) ?? null;
    else if (below === undefined) config[name] = CONFIG[name]?.(value) ?? null;
  }
  // A key that was typed before another order was chosen means nothing.
  if (config.ordering_key && all["config.ordering"] !== "by_key") config.ordering_key = null;
  const auth = sentAuth(changes, all);
  if (Object.keys(auth).length > 0) config.auth = auth;
  if (Object.keys(breaker).length > 0) config.breaker = breaker;
  return { ...sent, ...(Object.keys(config).length > 0 && { config }) };
}

const LABELS: Readonly<Record<string, string>> = {
  name: "Name",
  description: "Description",
  "config.url": "URL",
  "config.to": "Addresses",
  "config.http_method": "Method",
  "config.path_forwarding_disabled": "Append path and query",
  "config.headers": "Headers",
  "config.timeout_ms": "Give up after",
  "config.auth_type": "Authentication",
  "config.rate_limit": "Rate limit",
  "config.rate_limit_period": "Period of the rate limit",
  "config.concurrency": "At once",
  "config.ordering": "Order",
  "config.ordering_key": "Order key",
  "config.on_order_failure": "When one fails for good",
  "config.maintenance_windows": "Maintenance",
  "config.retry": "Retry",
  "config.breaker.consecutive_failures": "Failures in a row",
  "config.breaker.failure_share": "Share of failures",
  "config.breaker.window_ms": "Span of the share",
  "config.breaker.min_tries": "Tries that a share needs",
  "config.breaker.probe_min_ms": "Wait before the first probe",
  "config.breaker.probe_max_ms": "Longest wait for a probe",
  "config.breaker.good_probes": "Good probes",
  "config.breaker.count_timeouts": "Count a time-out as a failure",
  "config.breaker.ramp_ms": "Slow start after closing",
  "config.breaker.mode": "Breaker",
  "config.dead_letter_destination_id": "Dead letters go to",
  "config.status": "Status",
  "config.latency_ms": "Answers after",
  "config.body": "Body",
  "config.error_code": "Fails with",
  "config.answers": "Answers in turn",
  "config.auth.signing_secret": "Signing secret",
  "config.auth.previous_secret": "Previous secret",
  ...S3_LABELS,
  ...GROUP_LABELS,
};

/** What a field is called, also one of the audit log that the form shows as part of another. */
export function labelOf(field: string): string {
  const known = LABELS[field];
  if (known !== undefined) return known;
  const isPartOf = (name: string) => field.startsWith(name) && /^[.[]/.test(field.slice(name.length));
  const parent = Object.keys(LABELS).find((name) => name.includes(".") && isPartOf(name));
  if (parent !== undefined) return `${LABELS[parent]} (${field.slice(parent.length).replace(/^\./, "")})`;
  return field.startsWith("config.auth.") ? `Authentication (${field.slice(12)})` : field;
}

/** A value of the form as it reads beside another. */
export function textOf(field: string, value: unknown): string {
  if (isSecret(field) && field !== "config.headers")
    return value === undefined ? "as it is saved" : "the one that you typed";
  if (field === "config.headers") return (value as HeaderRow[]).map((row) => row.name).join(", ") || "none";
  if (field === "config.maintenance_windows")
    return (value as MaintenanceWindow[]).map(windowWords).join("; ") || "none";
  if (field === "config.groups.overrides") return overrideWords(value as GroupRow[]);
  if (field === "config.path_forwarding_disabled") return value ? "off" : "on";
  if (field === "config.rate_limit" && value === "") return "no limit";
  return value === "" || value === undefined || value === null ? "empty" : String(value);
}
