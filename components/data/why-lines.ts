// The why trace in words: one line per step, with the state that gives it its colour and icon.
import type { FilterMismatch, Why, WhyStep } from "#server/contracts/why.ts";
import { jsonText } from "#server/json/show.ts";
import { spanWords } from "./span-words.ts";

type Tone = "DELIVERED" | "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "FAILED" | "CANCELLED" | "IGNORED";

export interface WhyLine {
  tone: Tone;
  rule: string;
  outcome: string;
  /** When it was, or how long it took; empty where the trace does not say. */
  time: string;
  /** The clause that failed. */
  mismatch: FilterMismatch | undefined;
}

type Step<S extends WhyStep["step"]> = Extract<WhyStep, { step: S }>;
type Words = Pick<WhyLine, "tone" | "rule" | "outcome"> & Partial<WhyLine>;

/** `02:12:43` of an instant in UTC. */
const clock = (iso: string | null | undefined) => (iso ? iso.slice(11, 19) : "");
/** `connection_paused` as `connection paused`. */
const words = (code: string) => code.replaceAll("_", " ");
const count = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;

const HELD: Record<Step<"hold">["reason"], string> = {
  connection_paused: "the connection is paused",
  destination_disabled: "the destination is disabled",
  breaker_open: "the breaker of the destination is open",
  waits_for_order: "an earlier event of its order has to go first",
  group_paused: "its group is paused at the destination",
  maintenance: "the destination is under maintenance",
  not_connected: "the listener is not connected",
  lease_expired: "the lease of the endpoint has run out",
  endpoint_unverified: "the endpoint has not answered its challenge",
};

const COPIED = { sent_elsewhere: "as that one delivers it", edited: "edited by hand" } as const;

const ENDED: Record<string, string> = {
  exhausted: "all retries are spent",
  gone: "the receiver answered 410, gone",
  status_excluded: "the retry rule does not retry this status",
  skipped_in_order: "skipped, so that later events of its order go on",
  undeliverable: "it could not be sent at all",
  requested: "somebody cancelled it",
  connection_deleted: "its connection was deleted",
};

function deduplicate({ outcome, window_ms, first_request_id }: Step<"deduplicate">): Words {
  const rule = "Deduplicate";
  const window = spanWords(window_ms);
  if (outcome === "duplicate")
    return { tone: "IGNORED", rule, outcome: `a copy of ${first_request_id ?? "an earlier request"} within ${window}` };
  if (outcome === "bypassed") return { tone: "DELIVERED", rule, outcome: "not asked: a replay is never a duplicate" };
  if (outcome === "no_key")
    return { tone: "DELIVERED", rule, outcome: "has none of the fields, so it is no duplicate" };
  return { tone: "DELIVERED", rule, outcome: `first in ${window}` };
}

function transform(step: Step<"transform">): Words {
  const rule = "Transform";
  const time = spanWords(step.duration_ms);
  const version = step.version === undefined ? "" : `v${step.version} `;
  if (step.outcome === "unchanged") return { tone: "DELIVERED", rule, outcome: `${version}changed nothing`, time };
  if (step.outcome === "changed")
    return { tone: "DELIVERED", rule, outcome: `${version}changed ${count(step.changes.length, "field")}`, time };
  const { kind = "threw", message = "", line = null } = step.error ?? {};
  const place = line === null ? "" : ` at line ${line}`;
  return { tone: "FAILED", rule, outcome: `${version}${words(kind)}${place}${message && `: ${message}`}`, time };
}

function filter({ outcome, mismatch, hint }: Step<"filter">): Words {
  if (outcome === "passed") return { tone: "DELIVERED", rule: "Filter", outcome: "every clause holds" };
  return { tone: "IGNORED", rule: "Filter", outcome: hint ?? mismatch?.message ?? "a clause does not hold", mismatch };
}

function attempt(step: Step<"attempt">): Words {
  const rule = `Attempt ${step.number}`;
  const time = spanWords(step.latency_ms);
  const answer = step.response_status === null ? words(step.error_code ?? "no answer") : String(step.response_status);
  if (step.outcome === "delivered") return { tone: "DELIVERED", rule, outcome: `answered ${answer}`, time };
  const { next } = step;
  if (next?.kind === "hold") {
    return { tone: "HOLD", rule, outcome: `${answer}, a probe of the breaker: it costs no retry`, time };
  }
  const then = next?.kind === "retry" ? `, next ${clock(next.at) || "when it is due"}` : "";
  const broken = step.outcome === "broken_off" ? "broken off" : answer;
  return { tone: next?.kind === "retry" ? "RETRYING" : "FAILED", rule, outcome: `${broken}${then}`, time };
}

function end({ outcome, because, at }: Step<"end">): Words {
  const tone = ({ delivered: "DELIVERED", failed: "FAILED", cancelled: "CANCELLED" } as const)[outcome];
  const rule = ({ delivered: "Delivered", failed: "Failed", cancelled: "Cancelled" } as const)[outcome];
  return {
    tone,
    rule,
    outcome: because === null ? "nothing more to do" : (ENDED[because] ?? words(because)),
    time: clock(at),
  };
}

function connection({ outcome }: Step<"connection">): Words {
  if (outcome === "enabled") return { tone: "DELIVERED", rule: "Connection", outcome: "enabled" };
  const what = outcome === "disabled" ? "the connection is disabled" : "the destination is disabled";
  return { tone: "IGNORED", rule: "Connection", outcome: what };
}

function wordsOf(step: WhyStep): Words {
  switch (step.step) {
    case "connection":
      return connection(step);
    case "deduplicate":
      return deduplicate(step);
    case "transform":
      return transform(step);
    case "filter":
      return filter(step);
    case "quiet_hours":
      return { tone: "IGNORED", rule: "Quiet hours", outcome: `kept back, told after ${clock(step.until)}` };
    case "budget": {
      const max = step.max_steps === undefined ? "" : ` of ${step.max_steps}`;
      return { tone: "FAILED", rule: "Rules", outcome: `took more than their budget${max}` };
    }
    case "routing":
      return {
        tone: "FAILED",
        rule: "Routing",
        outcome: `given up after ${count(step.tries, "try").replace("trys", "tries")}`,
      };
    case "delay":
      return { tone: "SCHEDULED", rule: "Delay", outcome: `${spanWords(step.delay_ms)}, until ${clock(step.until)}` };
    case "dead_letter":
      return {
        tone: "QUEUED",
        rule: "Dead letter",
        outcome: `tells of ${step.event_id}, ${words(step.because ?? "failed")}`,
      };
    case "debug_copy":
      return { tone: "QUEUED", rule: "Debug copy", outcome: `of ${step.event_id}, ${COPIED[step.outcome]}; sent once` };
    case "queue":
      return { tone: "QUEUED", rule: "Queue", outcome: `due ${clock(step.due)}` };
    case "hold": {
      const when = step.outcome === "will_be_held" ? "as soon as it is due: " : "";
      return { tone: "HOLD", rule: "Held", outcome: `${when}${HELD[step.reason]}`, time: clock(step.since) };
    }
    case "release":
      return { tone: "QUEUED", rule: "Released", outcome: "goes on in order", time: clock(step.at) };
    case "requeue":
      return { tone: "QUEUED", rule: "Queued again", outcome: words(step.trigger.toLowerCase()), time: clock(step.at) };
    case "attempt":
      return attempt(step);
    case "end":
      return end(step);
  }
}

/** The lines of a trace, in its order. Times are UTC. */
export const whyLines = (why: Why): WhyLine[] =>
  why.map((step) => ({ time: "", mismatch: undefined, ...wordsOf(step) }));

const MAX_VALUE_CHARS = 200;

/** What a clause wanted and what was there, short enough for a cell. */
export function clauseWords({ operator, expected, actual }: FilterMismatch): { expected: string; actual: string } {
  const sign =
    { $eq: "=", $neq: "≠", $gt: ">", $gte: "≥", $lt: "<", $lte: "≤" }[operator] ?? words(operator.replace("$", ""));
  return {
    expected: `${sign} ${jsonText(expected, MAX_VALUE_CHARS)}`,
    actual: actual === undefined ? "missing" : jsonText(actual, MAX_VALUE_CHARS),
  };
}
