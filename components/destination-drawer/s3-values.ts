// A bucket as its form knows it: texts and choices, and back to what the API takes. Pure.
import { durationWords, readDuration } from "#components/resource-form/duration-words.ts";
import type { Values } from "#components/resource-form/values.ts";
import type { S3DestinationConfig } from "#server/contracts/s3-destination.ts";

const MIB = 1024 * 1024;

/** The values of a bucket's form. The secret is none of them: nobody can read it. */
export const s3Values = (config: S3DestinationConfig): Values => ({
  "config.bucket": config.bucket,
  "config.region": config.region,
  "config.endpoint": config.endpoint ?? "",
  "config.is_path_style": config.is_path_style,
  "config.auth.access_key_id": String(config.auth.access_key_id ?? ""),
  "config.auth.secret_access_key": undefined,
  "config.format": config.format,
  "config.key": config.key ?? "",
  "config.compression": config.compression === "gzip",
  "config.batch_wait_ms": durationWords(config.batch_wait_ms),
  "config.batch_bytes": `${config.batch_bytes / MIB}`,
  "config.timeout_ms": durationWords(config.timeout_ms),
});

const textOrNull = (value: unknown) => String(value).trim() || null;

/** Bytes of a number of MiB; undefined where it is none. */
export const readMib = (text: string): number | undefined =>
  /^\d{1,6}(?:\.\d{1,6})?$/.test(text.trim()) ? Math.round(Number(text) * MIB) : undefined;

/** What is no number goes as it is, and the server says what is wrong with it. */
const sentMib = (value: unknown): unknown => readMib(String(value)) ?? String(value).trim();

/** What is sent of each field. */
export const S3_CONFIG: Readonly<Record<string, (value: unknown) => unknown>> = {
  bucket: String,
  region: String,
  endpoint: textOrNull,
  is_path_style: (value) => value,
  format: (value) => value,
  key: textOrNull,
  compression: (value) => (value ? "gzip" : "none"),
  batch_wait_ms: (value) => readDuration(String(value), "s") ?? String(value),
  batch_bytes: sentMib,
};

/** What a new bucket asks for. */
export const BUCKET_FIELDS = [
  "config.bucket",
  "config.region",
  "config.endpoint",
  "config.auth.access_key_id",
  "config.auth.secret_access_key",
];
const AUTH = ["access_key_id", "secret_access_key"];

/** Every field of the form as it is sent, also those that were not changed. @param at where it stands: `""`, or `destination.` */
export function s3Sent(values: Values, at = ""): Record<string, unknown> {
  const given = (name: string) => {
    const value = values[`${at}config.${name}`];
    return value === undefined || (name === "region" && value === "") ? undefined : value;
  };
  const fields = Object.entries(S3_CONFIG).flatMap(([name, sent]) => {
    const value = given(name);
    return value === undefined ? [] : [[name, sent(value)]];
  });
  const auth = AUTH.map((name) => [name, given(`auth.${name}`)]).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(fields), auth: Object.fromEntries(auth) };
}

export const S3_LABELS: Readonly<Record<string, string>> = {
  "config.bucket": "Bucket",
  "config.region": "Region",
  "config.endpoint": "Endpoint",
  "config.is_path_style": "Bucket in the path",
  "config.auth.access_key_id": "Access key id",
  "config.auth.secret_access_key": "Secret",
  "config.format": "Write",
  "config.key": "Object name",
  "config.compression": "Compress",
  "config.batch_wait_ms": "Close a file after",
  "config.batch_bytes": "Or at",
};
