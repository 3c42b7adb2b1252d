// A dry run: what rules would have done with requests that are stored already, beside what the present rules would have.
import { z } from "zod";
import { SavedConnection } from "./connection.ts";
import { AnyJson } from "./json.ts";
import { WholeNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";
import { Rules } from "./rule.ts";
import { MAX_DRY_RUN_REQUESTS } from "./rule-limits.ts";
import { TimeBound } from "./time-bound.ts";

const asked = {
  limit: WholeNumber(1, MAX_DRY_RUN_REQUESTS)
    .default(MAX_DRY_RUN_REQUESTS)
    .meta({ description: "The number of the source's newest accepted requests that are judged." }),
  from: TimeBound.optional(),
  to: TimeBound.optional(),
};

/** On a connection: its rules, and `rules` in their place. Nothing is stored, sent or remembered. */
export const DryRunConnection = z.strictObject({
  id: z.string().max(64),
  rules: Rules.optional().meta({ description: "The drafted rules, all of them. Without: the present rules." }),
  ...asked,
});
export type DryRunConnection = z.infer<typeof DryRunConnection>;

/** On a source, for a connection that is not saved yet: `rules` beside none. */
export const DryRunSource = z.strictObject({ source_id: z.string().max(64), rules: Rules, ...asked });
export type DryRunSource = z.infer<typeof DryRunSource>;

/** `failed`: the transform failed, or the rules were too expensive. */
export const DryRunOutcome = z.enum(["delivered", "filtered", "duplicate", "failed"]);
export type DryRunOutcome = z.infer<typeof DryRunOutcome>;

const Counts = z.object({ delivered: z.int(), filtered: z.int(), duplicate: z.int(), failed: z.int() });
export type DryRunCounts = z.infer<typeof Counts>;

/** The sentence, and where a filter's clause failed also the clause. */
export const DryRunReason = z.object({
  message: z.string(),
  path: z.string().optional(),
  operator: z.string().optional(),
  expected: AnyJson.optional(),
  actual: AnyJson.optional(),
});
export type DryRunReason = z.infer<typeof DryRunReason>;

/** A request whose outcome changes. `reason` is why the draft ignores it, or where it delivers why the present rules do not. */
export const DryRunExample = z.object({
  request_id: z.string(),
  event_type: z.string().nullable(),
  created_at: Timestamp,
  present: DryRunOutcome,
  draft: DryRunOutcome,
  reason: DryRunReason.nullable(),
});
export type DryRunExample = z.infer<typeof DryRunExample>;

export const MAX_DRY_RUN_EXAMPLES = 20;
const Changed = z.object({ count: z.int(), examples: z.array(DryRunExample).max(MAX_DRY_RUN_EXAMPLES) });
export type DryRunChanged = z.infer<typeof Changed>;

const Cells = z
  .string()
  .regex(/^[dfue]*$/)
  .meta({ description: "A letter per request, the oldest first: delivered, filtered, duplicate (u), failed (e)." });

export const DryRun = z.object({
  source_id: z.string(),
  requests: z.int().meta({ description: "The requests that were judged." }),
  oldest_at: Timestamp.nullable(),
  newest_at: Timestamp.nullable(),
  stopped_by: z
    .enum(["time", "size"])
    .nullable()
    .meta({ description: "Why fewer requests were judged than are there; the newest were." }),
  too_large: z.int().meta({ description: "Requests that were left out because of a body over 1 MiB." }),
  duration_ms: z.int(),
  present: Counts,
  draft: Counts,
  newly_delivered: Changed,
  newly_filtered: Changed,
  newly_duplicate: Changed,
  newly_failing: Changed,
  warnings: SavedConnection.shape.warnings.meta({ description: "What a save of the draft would warn of." }),
  cells: z.object({ present: Cells, draft: Cells }),
  repeats: z.array(z.object({ within_ms: z.int().nullable(), count: z.int() })).meta({
    description: "By the draft's key: requests that came within this time of the first with their key. Null: later.",
  }),
});
export type DryRun = z.infer<typeof DryRun>;
