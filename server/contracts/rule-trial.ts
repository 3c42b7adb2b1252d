// A rule tried on the past: how often it would have opened an issue.
import { z } from "zod";
import { DecimalNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

/** Kinds with numbers that a team sets. */
export const TriedKind = z.enum([
  "connection_failing",
  "signature_failures",
  "source_silent",
  "backlog",
  "transform_errors",
]);
export type TriedKind = z.infer<typeof TriedKind>;

/** A number as `PATCH /issues/rules` takes it; left out: as it is saved. */
const draft = (description: string) => DecimalNumber(0, 1e9).optional().meta({ description });

export const TryIssueRule = z.object({
  kind: TriedKind,
  failed_in_a_row: draft("Failed attempts, one after the other."),
  ended_failed: draft("Events that ended failed."),
  failures: draft("Signatures that failed."),
  share: draft("The share that fails, from 0 to 1."),
  factor: draft("Times the usual silence."),
  late_ms: draft("How late events are."),
  errors: draft("Errors of a transformation."),
});
export type TryIssueRule = z.infer<typeof TryIssueRule>;

export const RuleTrial = z.object({
  kind: TriedKind,
  opened: z.int().meta({ description: "How often an issue would have opened." }),
  is_at_least: z.boolean().meta({ description: "Whether there was more to look at than was looked at." }),
  from: Timestamp,
  to: Timestamp,
});
export type RuleTrial = z.infer<typeof RuleTrial>;
