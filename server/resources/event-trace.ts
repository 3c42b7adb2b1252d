// The trace of an event after routing, made from its moves, its attempts and its state, which are on record anyway.
import type { EndReason } from "#server/contracts/event-life.ts";
import type { WhyStep } from "#server/contracts/why.ts";
import type { Move } from "#server/events/lifecycle.ts";
import { toPhases } from "./attempts.ts";
import type { EventDetailRow, TracedAttempt } from "./events.sql.ts";

type TracedEvent = Pick<
  EventDetailRow,
  | "status"
  | "hold_reason"
  | "ended_because"
  | "next_attempt_at"
  | "delivered_at"
  | "last_attempt_at"
  | "moves"
  | "paused_at"
  | "disabled_at"
  | "why"
>;
/** A move with its time as a time. */
type Timed<M> = M extends Move ? Omit<M, "at"> & { at: Date } : never;
type AttemptStep = Extract<WhyStep, { step: "attempt" }>;
type Next = AttemptStep["next"];

/** The steps after routing, oldest first. The last one tells the present state of the event. */
export function traceLife(event: TracedEvent, attempts: readonly TracedAttempt[]): WhyStep[] {
  const moves = (event.moves ?? []).map((move) => ({ ...move, at: new Date(move.at) }));
  const timed = [
    ...moves.map((move) => ({ at: move.at, step: stepOfMove(move) })),
    ...attempts.map((attempt, index) => ({
      at: attempt.created_at,
      step: stepOfAttempt(attempt, nextOf(event, attempt, attempts[index + 1], moves)),
    })),
  ];
  const steps = timed.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map(({ step }) => step);
  return [...steps, ...stateNow(event, steps.at(-1) ?? event.why.at(-1))];
}

function stepOfMove(move: Timed<Move>): WhyStep {
  const at = move.at.toISOString();
  switch (move.move) {
    case "hold":
      return { step: "hold", outcome: "held", reason: move.reason, since: at };
    case "release":
      return { step: "release", outcome: "released", at };
    case "requeue":
      return { step: "requeue", outcome: "queued", trigger: move.trigger, at };
    case "cancel":
      return { step: "end", outcome: "cancelled", because: move.reason, at };
    case "fail":
      return { step: "end", outcome: "failed", because: move.reason, at };
  }
}

const outcomeOf = ({ error_code }: TracedAttempt): AttemptStep["outcome"] =>
  error_code === null ? "delivered" : error_code === "CANCELLED" ? "broken_off" : "failed";

const stepOfAttempt = (attempt: TracedAttempt, next: Next): AttemptStep => ({
  step: "attempt",
  outcome: outcomeOf(attempt),
  attempt_id: attempt.id,
  number: attempt.number,
  trigger: attempt.trigger,
  at: attempt.created_at.toISOString(),
  response_status: attempt.response_status,
  error_code: attempt.error_code,
  latency_ms: attempt.latency_ms,
  phases: attempt.phases && toPhases(attempt.phases),
  next,
});

/** The step that followed an attempt: a person's request, the next attempt, or the present wait. */
function nextOf(
  event: TracedEvent,
  attempt: TracedAttempt,
  following: TracedAttempt | undefined,
  moves: Timed<Move>[],
): Next {
  if (attempt.error_code === null) return null;
  if (attempt.trigger === "PROBE" && isHeldAfter(attempt, following, moves)) {
    return { kind: "hold", because: "breaker_open" };
  }
  const requeue = moves.find(
    (move) =>
      move.move === "requeue" && move.at >= attempt.created_at && (!following || move.at <= following.created_at),
  );
  if (requeue?.move === "requeue")
    return requeue.ended_because
      ? giveUp(requeue.ended_because)
      : { kind: "retry", at: requeue.at.toISOString(), because: "requested" };
  if (following)
    return { kind: "retry", at: following.created_at.toISOString(), because: reasonOf(attempt, following) };
  if (event.status === "FAILED") return giveUp(event.ended_because);
  if (event.next_attempt_at === null) return null;
  return { kind: "retry", at: event.next_attempt_at.toISOString(), because: reasonOf(attempt) };
}

const isHeldAfter = (attempt: TracedAttempt, following: TracedAttempt | undefined, moves: Timed<Move>[]) =>
  moves.some(
    (move) => move.move === "hold" && move.at >= attempt.created_at && (!following || move.at <= following.created_at),
  );

const giveUp = (because: EndReason | null): Next => ({ kind: "give_up", because });

function reasonOf(
  { error_code }: TracedAttempt,
  following?: TracedAttempt,
): "policy" | "broken_off" | "failed_inside" | "requested" {
  if (error_code === "CANCELLED") return "broken_off";
  if (error_code === "INTERNAL") return "failed_inside";
  return following?.trigger === "MANUAL" || following?.trigger === "BULK" ? "requested" : "policy";
}

/** The present state of the event, unless the last step tells it. */
function stateNow(event: TracedEvent, last: WhyStep | undefined): WhyStep[] {
  switch (event.status) {
    case "DELIVERED":
      return last?.step === "end" || !event.delivered_at ? [] : [endOf(event)];
    case "FAILED":
    case "CANCELLED":
      return last?.step === "end" ? [] : [endOf(event)];
    case "HOLD": {
      if (last?.step === "hold") return [];
      const reason = event.hold_reason ?? (event.paused_at ? "connection_paused" : "destination_disabled");
      return [{ step: "hold", outcome: "held", reason, ...since(event, reason) }];
    }
    default: {
      if (!event.paused_at && !event.disabled_at) return [];
      const reason = event.paused_at ? "connection_paused" : "destination_disabled";
      return [{ step: "hold", outcome: "will_be_held", reason, ...since(event, reason) }];
    }
  }
}

function endOf({ status, ended_because, delivered_at, last_attempt_at }: TracedEvent): WhyStep {
  if (status === "DELIVERED")
    return { step: "end", outcome: "delivered", because: null, at: delivered_at?.toISOString() ?? null };
  if (status === "CANCELLED") return { step: "end", outcome: "cancelled", because: null, at: null };
  return { step: "end", outcome: "failed", because: ended_because, at: last_attempt_at?.toISOString() ?? null };
}

/** The time since which the switch has held the event. */
function since({ paused_at, disabled_at }: TracedEvent, reason: string): { since?: string } {
  const at = reason === "connection_paused" ? paused_at : reason === "destination_disabled" ? disabled_at : null;
  return at ? { since: at.toISOString() } : {};
}
