// The breaker of a destination: when it holds what is due, when it probes, and when it lets go again.
import { z } from "zod";
import { ErrorCode } from "./attempt.ts";
import { CHANGE_FIELDS, Timestamp } from "./resource-fields.ts";

export const BreakerMode = z.enum(["auto", "open", "closed", "off"]).meta({
  description:
    "`auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker.",
});
export type BreakerMode = z.infer<typeof BreakerMode>;

export const BreakerSettings = z.strictObject({
  mode: BreakerMode,
  consecutive_failures: z.int().min(1).max(1000).nullable().meta({
    description:
      "It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not.",
  }),
  failure_share: z.number().min(0.01).max(1).nullable().meta({
    description: "It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not.",
  }),
  window_ms: z.int().min(10_000).max(3_600_000),
  min_tries: z.int().min(1).max(10_000).meta({ description: "A share of fewer tries than these says nothing." }),
  count_timeouts: z.boolean().meta({
    description: "Whether a try without an answer is a failure: a time-out, or a connection that failed or broke.",
  }),
  probe_min_ms: z.int().min(1_000).max(3_600_000).meta({
    description: "From opening to the first probe. The wait doubles with each probe that fails.",
  }),
  probe_max_ms: z.int().min(1_000).max(86_400_000).meta({ description: "The wait grows no longer than this." }),
  good_probes: z.int().min(1).max(20).meta({ description: "It closes after so many probes in a row that went well." }),
  ramp_ms: z.int().min(0).max(3_600_000).meta({
    description:
      "From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once.",
  }),
});
export type BreakerSettings = z.infer<typeof BreakerSettings>;

export const refuseShrinkingPauses = (settings: BreakerSettings, context: z.RefinementCtx): void => {
  if (settings.probe_max_ms >= settings.probe_min_ms) return;
  const message = `The wait grows from probe_min_ms: give ${settings.probe_min_ms} or more.`;
  context.addIssue({ code: "custom", path: ["probe_max_ms"], message });
};

/** Twenty failures in a row are no accident, and half a minute is what a restart takes. */
export const DEFAULT_BREAKER: BreakerSettings = {
  mode: "auto",
  consecutive_failures: 20,
  failure_share: 0.5,
  window_ms: 60_000,
  min_tries: 50,
  count_timeouts: true,
  probe_min_ms: 30_000,
  probe_max_ms: 300_000,
  good_probes: 3,
  ramp_ms: 60_000,
};

/** What a receiver does that fails or refuses everything, named by its status or its error. */
export const ReceiverTrouble = z
  .enum(["gone", "refuses_credentials", "forbids", "not_found", "too_many_requests", "fails", "unreachable", "silent"])
  .meta({
    description:
      "410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time.",
  });
export type ReceiverTrouble = z.infer<typeof ReceiverTrouble>;

const LastAnswer = {
  trouble: ReceiverTrouble,
  response_status: z.int().nullable(),
  error_code: ErrorCode.nullable(),
};

/** Why a breaker opened. */
export const BreakerReason = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("in_a_row"), failures: z.int(), ...LastAnswer }),
  z.object({ kind: z.literal("share"), failures: z.int(), tries: z.int(), ...LastAnswer }),
  z.object({ kind: z.literal("forced") }),
]);
export type BreakerReason = z.infer<typeof BreakerReason>;

export const BreakerState = z
  .enum(["closed", "open", "half_open", "ramping"])
  .meta({ description: "`half_open`: it probes. `ramping`: it has closed, and the concurrency grows." });
export type BreakerState = z.infer<typeof BreakerState>;

export const BreakerReading = z.object({
  state: BreakerState,
  is_forced: z.boolean().meta({ description: "Somebody has set its mode to open or closed." }),
  since: Timestamp.nullable().meta({ description: "When it opened, or began to ramp." }),
  because: BreakerReason.nullable(),
  next_probe_at: Timestamp.nullable(),
  failed_probes: z.int(),
  ramps_until: Timestamp.nullable(),
  holds_events: z.boolean().meta({ description: "Events are held for it. Once it has closed they go in pages." }),
  refusal: z
    .object({ ...LastAnswer, count: z.int() })
    .nullable()
    .meta({
      description: "The same refusal several times in a row (401, 403, 404, 410). It does not open the breaker.",
    }),
});
export type BreakerReading = z.infer<typeof BreakerReading>;

export const SetBreaker = z.strictObject({ ...CHANGE_FIELDS, mode: BreakerMode });
export type SetBreaker = z.infer<typeof SetBreaker>;
