// The trace of one request on one connection: each step with its outcome, to the end of its event.
import { z } from "zod";
import { LIFE_STEPS } from "./event-life.ts";
import { AnyJson } from "./json.ts";

export const ConsoleLine = z.object({ level: z.enum(["log", "info", "warn", "error", "debug"]), text: z.string() });
export type ConsoleLine = z.infer<typeof ConsoleLine>;

/** The error for which a transform gave no request. `line` counts from 1 in the code as its owner wrote it. */
export const TransformError = z.object({
  kind: z.enum(["threw", "timed_out", "out_of_memory", "no_return_value", "bad_output", "syntax_error"]),
  message: z.string(),
  line: z.int().nullable(),
});
export type TransformError = z.infer<typeof TransformError>;

/** The clause of a filter that failed, with what it wanted and what was there. `actual` is absent when the key was missing. */
export const FilterMismatch = z.object({
  path: z.string(),
  operator: z.string(),
  expected: AnyJson,
  actual: AnyJson.optional(),
  message: z.string(),
});
export type FilterMismatch = z.infer<typeof FilterMismatch>;

/** One changed place of the request: `before` is absent where it was added, `after` where it was removed. */
export const Change = z.object({ path: z.string(), before: AnyJson.optional(), after: AnyJson.optional() });
export type Change = z.infer<typeof Change>;

export const WhyStep = z.discriminatedUnion("step", [
  z.object({ step: z.literal("connection"), outcome: z.enum(["enabled", "disabled", "destination_disabled"]) }),
  z.object({
    step: z.literal("deduplicate"),
    outcome: z
      .enum(["first", "duplicate", "bypassed", "no_key"])
      .meta({ description: "`no_key`: the request has none of the fields that the rule names." }),
    key: z.string().optional(),
    first_request_id: z.string().optional(),
    window_ms: z.number(),
  }),
  z.object({
    step: z.literal("transform"),
    outcome: z.enum(["changed", "unchanged", "failed"]),
    transformation_id: z.string(),
    version: z.int().optional(),
    changes: z.array(Change),
    notes: z.array(z.string()).optional().meta({
      description: "What of the body's spelling was lost beside the changes: doubled keys, the order of members.",
    }),
    console: z.array(ConsoleLine),
    error: TransformError.optional(),
    duration_ms: z.number(),
  }),
  z.object({
    step: z.literal("filter"),
    outcome: z.enum(["passed", "failed"]),
    mismatch: FilterMismatch.optional(),
    hint: z
      .string()
      .optional()
      .meta({ description: "Set when the transform dropped the very value that the filter reads." }),
  }),
  z.object({ step: z.literal("quiet_hours"), outcome: z.literal("kept_back"), until: z.string() }),
  z.object({ step: z.literal("budget"), outcome: z.literal("exceeded"), max_steps: z.int().optional() }),
  z.object({ step: z.literal("routing"), outcome: z.literal("failed"), tries: z.int() }),
  z.object({ step: z.literal("delay"), outcome: z.literal("scheduled"), delay_ms: z.number(), until: z.string() }),
  z.object({
    step: z.literal("dead_letter"),
    outcome: z.literal("forwarded"),
    event_id: z.string().meta({ description: "The event that has failed." }),
    because: z.string().nullable(),
  }),
  z.object({
    step: z.literal("debug_copy"),
    outcome: z
      .enum(["sent_elsewhere", "edited"])
      .meta({ description: "`edited`: it brings what a person has written." }),
    event_id: z.string().meta({ description: "The event that was copied." }),
  }),
  z.object({ step: z.literal("queue"), outcome: z.literal("queued"), due: z.string() }),
  ...LIFE_STEPS,
]);
export type WhyStep = z.infer<typeof WhyStep>;
export const Why = z.array(WhyStep);
export type Why = z.infer<typeof Why>;
