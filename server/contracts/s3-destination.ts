// The config of a destination of type S3: a bucket of any store that speaks S3, and how events are written to it.
import { z } from "zod";
import { BreakerSettings } from "./breaker.ts";
import { DEFAULT_LIMITS, DestinationLimits } from "./destination-limits.ts";
import { formatProblem, templateProblem } from "./object-key.ts";
import { Secret } from "./secret.ts";
import { smallRecord } from "./small-record.ts";

/** Names of buckets as every store takes them, and no address. */
const BucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "Use the name of a bucket: 3 to 63 of a-z, 0-9, - and dots.")
  .refine((name) => !name.includes("..") && !/^\d+(?:\.\d+){3}$/.test(name), "This is not the name of a bucket.");

export const S3Auth = z.strictObject({
  access_key_id: z.string().regex(/^[\x21-\x7e]{1,255}$/, "Give the id of an access key."),
  secret_access_key: Secret,
});
export type S3Auth = z.infer<typeof S3Auth>;

const ObjectKeyTemplate = z
  .string()
  .min(1)
  .max(400)
  .superRefine((template, ctx) => {
    const problem = templateProblem(template);
    if (problem !== null) ctx.addIssue({ code: "custom", message: problem });
  });

const ObjectFormat = z.enum(["event", "ndjson"]);

export const S3DestinationConfig = z.strictObject({
  bucket: BucketName,
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, "Use a region such as eu-north-1; us-east-1 suits a store without any."),
  endpoint: z
    .string()
    .max(2048)
    .nullable()
    .meta({ description: "The address of a store that is not AWS; null: that of AWS in the region." }),
  is_path_style: z.boolean().meta({
    description: "With an endpoint: whether the bucket stands in the path of the URL, or before its host.",
  }),
  auth: smallRecord(z.string(), z.unknown(), 20).meta({ description: "`access_key_id` and `secret_access_key`." }),
  format: ObjectFormat.meta({
    description:
      "`event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each.",
  }),
  key: ObjectKeyTemplate.nullable().meta({
    description:
      "The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format.",
  }),
  compression: z.enum(["none", "gzip"]).meta({ description: "With gzip, names end in `.gz`." }),
  batch_wait_ms: z
    .int()
    .min(1_000)
    .max(3_600_000)
    .meta({ description: "A file is closed when its first event has waited this long. For `ndjson`." }),
  batch_bytes: z
    .int()
    .min(64 * 1024)
    .max(16 * 1024 * 1024)
    .meta({ description: "A file is closed when the bodies and headers in it have this many bytes. For `ndjson`." }),
  timeout_ms: z.int().min(100).max(60_000),
  ...DestinationLimits.shape,
});
export type S3DestinationConfig = z.infer<typeof S3DestinationConfig>;

export const S3_DEFAULTS = {
  bucket: "",
  region: "us-east-1",
  endpoint: null,
  is_path_style: true,
  auth: {},
  format: "event",
  key: null,
  compression: "none",
  batch_wait_ms: 300_000,
  batch_bytes: 16 * 1024 * 1024,
  timeout_ms: 30_000,
  ...DEFAULT_LIMITS,
} satisfies S3DestinationConfig;

/** The check of fields that hang together. */
export const keyProblem = ({ key, format }: Pick<S3DestinationConfig, "key" | "format">): string | null =>
  key === null ? null : formatProblem(key, format);

/** One thing that a check has tried. */
const CheckStep = z.object({
  step: z.enum(["reach", "write", "delete"]),
  is_good: z.boolean(),
  says: z.string(),
});

/** Settings to be tried. With `id` those of a saved destination, under what is sent. */
export const CheckDestination = z.strictObject({
  id: z.string().max(64).optional(),
  config: S3DestinationConfig.partial().extend({ breaker: BreakerSettings.partial().optional() }).optional(),
});
export type CheckDestination = z.infer<typeof CheckDestination>;

export const CheckedDestination = z.object({
  is_good: z.boolean().meta({ description: "Whether events can be written." }),
  steps: z.array(CheckStep).meta({ description: "What was tried, in order; nothing after what has failed." }),
});
export type CheckedDestination = z.infer<typeof CheckedDestination>;
