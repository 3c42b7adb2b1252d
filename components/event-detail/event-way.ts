// The trace of an event as the drawing of its way in time.
import { answerWords } from "#components/attempt-detail/attempt-words.ts";
import type { WaterfallInput } from "#components/data/waterfall-layout.ts";
import { hasEnded } from "#components/request-detail/event-states.ts";
import type { EventDetail } from "#server/contracts/event.ts";
import type { WhyStep } from "#server/contracts/why.ts";

type Step<S extends WhyStep["step"]> = Extract<WhyStep, { step: S }>;

const ms = (iso: string) => Date.parse(iso);
const stepsOf = <S extends WhyStep["step"]>(why: readonly WhyStep[], kind: S) =>
  why.filter((step): step is Step<S> => step.step === kind);

const RULES = new Set<WhyStep["step"]>(["deduplicate", "transform", "filter", "delay"]);

const HELD: Record<Step<"hold">["reason"], string> = {
  connection_paused: "connection paused",
  destination_disabled: "destination disabled",
  breaker_open: "breaker open",
  waits_for_order: "waits for its turn",
  group_paused: "group paused",
  maintenance: "destination under maintenance",
  not_connected: "listener not connected",
  lease_expired: "lease has run out",
  endpoint_unverified: "endpoint not verified",
};

/** When a step was, as far as the trace says. */
function timeOf(step: WhyStep): number | undefined {
  if (step.step === "attempt" || step.step === "release" || step.step === "requeue") return ms(step.at);
  return step.step === "end" && step.at !== null ? ms(step.at) : undefined;
}

/** Each hold ends with the next thing that happened; the last one of a held event lasts. */
function holdsOf({ why }: EventDetail): WaterfallInput["holds"] {
  return why.flatMap((step, index) => {
    if (step.step !== "hold" || step.since === undefined || step.outcome === "will_be_held") return [];
    const next = why
      .slice(index + 1)
      .map(timeOf)
      .find((at) => at !== undefined);
    return [{ state: "HOLD" as const, fromMs: ms(step.since), toMs: next ?? null, note: HELD[step.reason] }];
  });
}

function delaysOf({ why, created_at }: EventDetail, firstAttemptMs: number | undefined): WaterfallInput["holds"] {
  return stepsOf(why, "delay").map(({ until }) => ({
    state: "SCHEDULED" as const,
    fromMs: ms(created_at),
    // Somebody who sends it at once ends its delay.
    toMs: Math.min(ms(until), firstAttemptMs ?? Number.POSITIVE_INFINITY),
    note: "delay rule",
  }));
}

function attemptsOf(attempts: readonly Step<"attempt">[]): WaterfallInput["attempts"] {
  return attempts.map((attempt) => ({
    number: attempt.number,
    atMs: ms(attempt.at),
    latencyMs: attempt.latency_ms,
    isDelivered: attempt.outcome === "delivered",
    ...answerWords(attempt),
    phases: attempt.phases,
  }));
}

/** Between a failed attempt and the one that the retry policy made after it. */
function backoffsOf(attempts: readonly Step<"attempt">[]): WaterfallInput["backoffs"] {
  return attempts.slice(1).flatMap((attempt, index) => {
    const before = attempts[index];
    if (before?.next?.kind !== "retry" || before.next.because !== "policy") return [];
    return [{ fromMs: ms(before.at) + before.latency_ms, toMs: ms(attempt.at), note: "" }];
  });
}

const WAITING = new Set(["RETRYING", "SCHEDULED"]);

/** More rows than these would be a list; the attempts have one. */
const MAX_DRAWN = 6;

/** How many attempts before those are left out of the drawing. */
export const leftOut = ({ why }: Pick<EventDetail, "why">) => Math.max(stepsOf(why, "attempt").length - MAX_DRAWN, 0);

/** The page's clock ticks once in some seconds; what is known to have happened is not drawn as the future. */
const presentOf = (last: Step<"attempt"> | undefined, nowMs: number) =>
  last ? Math.max(nowMs, ms(last.at) + (last.latency_ms ?? 0)) : nowMs;

/** `nowMs`: the present, which an event that has ended does not show. */
export function eventWay(event: EventDetail, nowMs: number): WaterfallInput {
  const all = stepsOf(event.why, "attempt");
  const attempts = all.slice(-MAX_DRAWN);
  const [queue] = stepsOf(event.why, "queue");
  const isDelayed = stepsOf(event.why, "delay").length > 0;
  const rules = event.why.filter(({ step }) => RULES.has(step)).length;
  const firstAttemptMs = all[0] && ms(all[0].at);
  return {
    receivedMs: ms(event.created_at),
    receivedNote: `${event.created_at.slice(11, 23)} UTC`,
    // A delayed one is due later than it was routed, and no step says when that was.
    routedMs: queue && !isDelayed ? ms(queue.due) : null,
    routedNote: rules === 0 ? "no rules" : `${rules} ${rules === 1 ? "rule" : "rules"}`,
    holds: [...delaysOf(event, firstAttemptMs), ...holdsOf(event)],
    attempts: attemptsOf(attempts),
    backoffs: backoffsOf(attempts),
    nextMs: WAITING.has(event.status) && event.next_attempt_at !== null ? ms(event.next_attempt_at) : null,
    nowMs: hasEnded(event.status) ? null : presentOf(attempts.at(-1), nowMs),
  };
}
