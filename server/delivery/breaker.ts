// The breaker of a destination. A receiver that fails again and again gets no more events: they are held, and one at a time is
// tried whether it is well again. Pure: what was known, what a try came to and the time give what is known now.
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { BreakerReason, BreakerSettings, ReceiverTrouble } from "#server/contracts/breaker.ts";
import { type BreakerRecord, CLOSED, type LastAnswer, type Streak } from "#server/events/breaker-record.ts";

/** What a try came to, as far as it says something of the receiver. */
export interface Answer {
  status: number | null;
  errorCode: ErrorCode | null;
}

/**
 * `failure`: the receiver does not do its work. `refusal`: it does, and wants none of ours. `answer`: it does, whatever it
 * says of this event. `nothing`: the try says nothing of it, because the failure is ours.
 */
type Verdict = "failure" | "refusal" | "answer" | "nothing";

const NO_ANSWER: Partial<Record<ErrorCode, ReceiverTrouble>> = {
  TIMEOUT: "silent",
  CONNECTION_REFUSED: "unreachable",
  CONNECTION_RESET: "unreachable",
  DNS_LOOKUP_FAILED: "unreachable",
  TLS_ERROR: "unreachable",
  PROTOCOL_ERROR: "unreachable",
};
const REFUSALS: Partial<Record<number, ReceiverTrouble>> = {
  401: "refuses_credentials",
  403: "forbids",
  404: "not_found",
  410: "gone",
};

function judge({ status, errorCode }: Answer, { count_timeouts }: Pick<BreakerSettings, "count_timeouts">): Verdict {
  if (errorCode && NO_ANSWER[errorCode]) return count_timeouts ? "failure" : "nothing";
  if (status === null || (errorCode !== null && errorCode !== "BAD_RESPONSE")) return "nothing";
  if (status >= 500 || status === 429) return "failure";
  return REFUSALS[status] ? "refusal" : "answer";
}

function nameAnswer({ status, errorCode }: Answer): LastAnswer {
  const ofStatus = status === null ? undefined : (REFUSALS[status] ?? (status === 429 ? "too_many_requests" : "fails"));
  const trouble = (errorCode && NO_ANSWER[errorCode]) ?? ofStatus ?? "fails";
  return { trouble, response_status: status, error_code: errorCode };
}

/** Whether a probe with this answer leaves its event held: it costs no retry. The one answer that ends an event does end it. */
export const isHeldAgain = (answer: Answer): boolean => {
  const verdict = judge(answer, { count_timeouts: true });
  return verdict === "failure" || (verdict === "refusal" && answer.status !== 410);
};

export type Admission =
  | { kind: "all" }
  /** At most `count` may be on the wire. */
  | { kind: "some"; count: number }
  | { kind: "probe" }
  | { kind: "hold" };

/** What may go now. */
export function admit(
  record: BreakerRecord,
  settings: BreakerSettings,
  { concurrency, nowMs }: { concurrency: number; nowMs: number },
): Admission {
  if (record.state === "closed") return { kind: "all" };
  if (record.state === "ramping") {
    const share = settings.ramp_ms === 0 ? 1 : (nowMs - (record.since ?? 0)) / settings.ramp_ms;
    return share >= 1
      ? { kind: "all" }
      : { kind: "some", count: 1 + Math.floor((concurrency - 1) * Math.max(0, share)) };
  }
  const isDue = record.next_probe !== null && record.next_probe <= nowMs;
  return isDue ? { kind: "probe" } : { kind: "hold" };
}

const next = (record: BreakerRecord, change: Partial<BreakerRecord>): BreakerRecord => ({
  ...record,
  ...change,
  revision: record.revision + 1,
});

const pauseMs = ({ probe_min_ms, probe_max_ms }: BreakerSettings, failedProbes: number): number =>
  Math.min(probe_max_ms, probe_min_ms * 2 ** Math.min(failedProbes, 30));

function open(record: BreakerRecord, settings: BreakerSettings, because: BreakerReason, nowMs: number): BreakerRecord {
  return next(record, {
    state: "open",
    since: nowMs,
    because,
    good_probes: 0,
    next_probe: because.kind === "forced" ? null : nowMs + pauseMs(settings, record.failed_probes),
    failures: null,
    refusals: null,
    window: [],
  });
}

const close = (record: BreakerRecord, nowMs: number): BreakerRecord =>
  next(record, { state: "ramping", since: nowMs, good_probes: 0, next_probe: null, failures: null, window: [] });

/** The record under these settings: what its owner has set by hand, and a ramp that is over. */
export function follow(record: BreakerRecord, settings: BreakerSettings, nowMs: number): BreakerRecord {
  const { mode } = settings;
  const isOpen = record.state === "open" || record.state === "half_open";
  if (mode === "off") return record.state === "closed" ? record : { ...CLOSED, revision: record.revision + 1 };
  if (mode === "open") {
    return isOpen && record.is_forced
      ? record
      : { ...open(record, settings, { kind: "forced" }, nowMs), is_forced: true };
  }
  if (mode === "closed") {
    if (isOpen) return { ...close(record, nowMs), is_forced: true };
  } else if (record.is_forced) {
    // What was forced open is not known to be well: it is tried first.
    return next(record, { is_forced: false, next_probe: isOpen ? nowMs : null });
  }
  const turned = afterClockWentBack(record, settings, nowMs);
  if (turned !== record) return turned;
  const isRamped = record.state === "ramping" && nowMs - (record.since ?? 0) >= settings.ramp_ms;
  return isRamped ? next(record, { state: "closed", since: null, because: null, failed_probes: 0 }) : record;
}

/** A clock that went back leaves times ahead that no wait leads to: a probe waits as long as it may at most, and a ramp begins anew. */
function afterClockWentBack(record: BreakerRecord, settings: BreakerSettings, nowMs: number): BreakerRecord {
  const latestProbe = nowMs + settings.probe_max_ms;
  if (record.next_probe !== null && record.next_probe > latestProbe) return next(record, { next_probe: latestProbe });
  return record.state === "ramping" && (record.since ?? 0) > nowMs ? next(record, { since: nowMs }) : record;
}

/**
 * After a maintenance window a receiver that was well before it gets as slow a start as one that has come back.
 * @param endedMs when the last window ended; null where that is long ago
 */
export function rampAfter(
  record: BreakerRecord,
  settings: BreakerSettings,
  endedMs: number | null,
  nowMs: number,
): BreakerRecord {
  if (endedMs === null || settings.mode === "off" || nowMs - endedMs >= settings.ramp_ms) return record;
  const hasBegun = record.state === "ramping" && (record.since ?? 0) >= endedMs;
  if (hasBegun || record.state === "open" || record.state === "half_open") return record;
  return next(record, { state: "ramping", since: endedMs });
}

/** A probe is about to go. Its failure is taken for granted until it ends, so that a lane that takes over waits for its turn. */
export const probe = (
  record: BreakerRecord,
  settings: BreakerSettings,
  eventId: string,
  nowMs: number,
): BreakerRecord =>
  next(record, {
    state: "half_open",
    probed: eventId,
    next_probe: nowMs + pauseMs(settings, record.failed_probes + 1),
  });

/** A probe has come to an end. */
export function learnOfProbe(
  record: BreakerRecord,
  settings: BreakerSettings,
  answer: Answer,
  nowMs: number,
): BreakerRecord {
  if (record.state !== "half_open") return record;
  const verdict = judge(answer, { count_timeouts: true });
  if (verdict === "nothing") return next(record, { next_probe: nowMs + pauseMs(settings, record.failed_probes) });
  if (verdict === "answer") {
    const good = record.good_probes + 1;
    return good >= settings.good_probes ? close(record, nowMs) : next(record, { good_probes: good, next_probe: nowMs });
  }
  const failed = record.failed_probes + 1;
  return next(record, {
    state: "open",
    good_probes: 0,
    failed_probes: failed,
    next_probe: nowMs + pauseMs(settings, failed),
  });
}

/** A try that was no probe has come to an end. Those that went out before the breaker opened say nothing any more. */
export function learn(record: BreakerRecord, settings: BreakerSettings, answer: Answer, nowMs: number): BreakerRecord {
  if (settings.mode === "off" || record.state === "open" || record.state === "half_open") return record;
  const verdict = judge(answer, settings);
  if (verdict === "nothing") return record;
  const hasFailed = verdict === "failure";
  const known: BreakerRecord = {
    ...record,
    failures: hasFailed ? oneMore(record.failures, nameAnswer(answer)) : null,
    refusals:
      verdict === "refusal" ? sameAgain(record.refusals, nameAnswer(answer)) : hasFailed ? record.refusals : null,
    window: countIn(record.window, settings.window_ms, hasFailed, nowMs),
  };
  const because = hasFailed && settings.mode === "auto" ? reasonToOpen(known, settings) : null;
  return because ? open(known, settings, because, nowMs) : known;
}

const oneMore = (streak: Streak | null, last: LastAnswer): Streak => ({ ...last, count: (streak?.count ?? 0) + 1 });

const sameAgain = (streak: Streak | null, last: LastAnswer): Streak =>
  oneMore(streak?.response_status === last.response_status ? streak : null, last);

const SLOTS = 10;

/** The window with one try more, and without what has left it. */
function countIn(
  window: BreakerRecord["window"],
  windowMs: number,
  hasFailed: boolean,
  nowMs: number,
): BreakerRecord["window"] {
  const begin = nowMs - (nowMs % (windowMs / SLOTS));
  const kept = window.filter(([at]) => at > nowMs - windowMs && at < begin);
  const [, tries, failures] = window.find(([at]) => at === begin) ?? [begin, 0, 0];
  return [...kept, [begin, tries + 1, failures + (hasFailed ? 1 : 0)]];
}

function reasonToOpen({ state, failures, window }: BreakerRecord, settings: BreakerSettings): BreakerReason | null {
  if (!failures) return null;
  const { count, ...last } = failures;
  const { consecutive_failures, failure_share, good_probes, min_tries } = settings;
  // A receiver that has just come back and fails again is not given as much as one that was well.
  const inRow = Math.min(
    consecutive_failures ?? Number.POSITIVE_INFINITY,
    state === "ramping" ? good_probes : Number.POSITIVE_INFINITY,
  );
  if (count >= inRow) return { kind: "in_a_row", failures: count, ...last };
  const tries = window.reduce((sum, slot) => sum + slot[1], 0);
  const failed = window.reduce((sum, slot) => sum + slot[2], 0);
  const isShare = failure_share !== null && tries >= min_tries && failed / tries >= failure_share;
  return isShare ? { kind: "share", failures: failed, tries, ...last } : null;
}

/** What the next lane must know; null when that is nothing. Successes alone are not worth a write. */
export function toKeep(record: BreakerRecord): BreakerRecord | null {
  const isQuiet = record.state === "closed" && !record.is_forced && !record.refusals;
  return isQuiet && record.window.every(([, , failures]) => failures === 0) ? null : record;
}
