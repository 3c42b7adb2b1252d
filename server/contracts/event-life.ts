// The reasons to hold an event and to end it without a delivery, and the steps of its trace after routing.
import { z } from "zod";
import { AttemptPhases, AttemptTrigger, ErrorCode } from "./attempt.ts";
import { Timestamp } from "./resource-fields.ts";

export const HoldReason = z
  .enum([
    "connection_paused",
    "destination_disabled",
    "breaker_open",
    "waits_for_order",
    "group_paused",
    "maintenance",
    "not_connected",
    "lease_expired",
    "endpoint_unverified",
  ])
  .meta({
    description:
      "`maintenance`: a maintenance window of the destination lasts, or it cannot be used until its owner has seen to it. `not_connected`: the listener of a destination of type CLI is away.",
  });
export type HoldReason = z.infer<typeof HoldReason>;

export const EndReason = z
  .enum(["exhausted", "gone", "status_excluded", "skipped_in_order", "undeliverable"])
  .meta({ description: "`gone`: the receiver answered 410. `undeliverable`: the event could not be sent at all." });
export type EndReason = z.infer<typeof EndReason>;

/** Why an event was cancelled: by somebody who asked for it, or because the way it had to go was deleted. */
export const CancelReason = z.enum(["requested", "connection_deleted"]);
export type CancelReason = z.infer<typeof CancelReason>;

/** The step that followed an attempt. */
const NextStep = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("retry"),
    at: Timestamp.nullable().meta({ description: "When the next attempt is due, or was made." }),
    because: z.enum(["policy", "requested", "broken_off", "failed_inside"]).meta({
      description:
        "`policy`: the retry policy. `requested`: somebody asked for it. `broken_off`: the worker had to stop. `failed_inside`: a fault of the gateway.",
    }),
  }),
  z.object({ kind: z.literal("give_up"), because: EndReason.nullable() }),
  z
    .object({ kind: z.literal("hold"), because: HoldReason })
    .meta({ description: "It was a probe, and cost no retry." }),
]);

/** The trace after routing, oldest step first. */
export const LIFE_STEPS = [
  z.object({
    step: z.literal("hold"),
    outcome: z.enum(["held", "will_be_held"]).meta({ description: "`will_be_held`: as soon as it is due." }),
    reason: HoldReason,
    since: Timestamp.optional(),
  }),
  z.object({ step: z.literal("release"), outcome: z.literal("released"), at: Timestamp }),
  z.object({
    step: z.literal("attempt"),
    outcome: z.enum(["delivered", "failed", "broken_off"]),
    attempt_id: z.string(),
    number: z.int(),
    trigger: AttemptTrigger,
    at: Timestamp,
    response_status: z.int().nullable(),
    error_code: ErrorCode.nullable(),
    latency_ms: z.number(),
    phases: AttemptPhases.nullable(),
    next: NextStep.nullable().meta({ description: "Null where nothing follows." }),
  }),
  z.object({ step: z.literal("requeue"), outcome: z.literal("queued"), trigger: AttemptTrigger, at: Timestamp }),
  z.object({
    step: z.literal("end"),
    outcome: z.enum(["delivered", "failed", "cancelled"]),
    because: z.union([EndReason, CancelReason]).nullable(),
    at: Timestamp.nullable(),
  }),
] as const;
