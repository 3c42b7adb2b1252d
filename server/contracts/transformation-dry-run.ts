// A dry run of a transformation: whether its code fails on requests that are stored already.
import { z } from "zod";
import { WholeNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";
import { Code } from "./transformation.ts";
import { TransformError } from "./why.ts";

/** On the newest accepted requests of the sources that use it. Nothing is stored or sent. */
export const DryRunTransformation = z.strictObject({
  id: z.string().max(64),
  code: Code.optional().meta({ description: "The drafted code, with the saved env. Without: the code that runs." }),
  limit: WholeNumber(1, 200).default(100).meta({ description: "The number of requests that it is tried on." }),
});
export type DryRunTransformation = z.infer<typeof DryRunTransformation>;

const Counts = z.object({ returned: z.int(), failed: z.int() });

export const TransformationDryRun = z.object({
  version: z.int().meta({ description: "The version that runs now; `present` is what it does." }),
  requests: z.int().meta({ description: "The requests that it was tried on." }),
  present: Counts,
  draft: Counts,
  failures: z
    .array(
      z.object({
        request_id: z.string(),
        event_type: z.string().nullable(),
        created_at: Timestamp,
        error: TransformError,
      }),
    )
    .max(20)
    .meta({ description: "Requests that the draft fails on, the newest first." }),
  stopped_by: z
    .enum(["time", "size"])
    .nullable()
    .meta({ description: "Why it was tried on fewer requests than there are; the newest were." }),
  too_large: z.int().meta({ description: "Requests that were left out because of a body over 1 MiB." }),
  duration_ms: z.int(),
});
export type TransformationDryRun = z.infer<typeof TransformationDryRun>;
