// A breaker as its lane writes it down, and as others read it. Pure.
import {
  type BreakerReading,
  type BreakerReason,
  type BreakerSettings,
  type BreakerState,
  DEFAULT_BREAKER,
} from "#server/contracts/breaker.ts";

export type LastAnswer = Pick<Extract<BreakerReason, { kind: "share" }>, "trouble" | "response_status" | "error_code">;
export type Streak = LastAnswer & { count: number };

/** Times are milliseconds of the day's clock, because another machine may read them. */
export interface BreakerRecord {
  state: BreakerState;
  is_forced: boolean;
  since: number | null;
  because: BreakerReason | null;
  /** Since it was last closed for good. */
  failed_probes: number;
  good_probes: number;
  /** Infinity is no JSON: null while there is nothing to wait for, and where it is forced. */
  next_probe: number | null;
  /** The last event that was a probe: the next one is another, so that one bad event does not keep it open. */
  probed: string;
  failures: Streak | null;
  refusals: Streak | null;
  /** Of the window, oldest first: `[begin, tries, failures]`. */
  window: [number, number, number][];
  /** Counts up with each change that a lane which takes over must know. */
  revision: number;
}

export const CLOSED: BreakerRecord = {
  state: "closed",
  is_forced: false,
  since: null,
  because: null,
  failed_probes: 0,
  good_probes: 0,
  next_probe: null,
  probed: "",
  failures: null,
  refusals: null,
  window: [],
  revision: 0,
};

/** So many of the same are no accident. */
const NAMED_REFUSALS = 3;

const isoTime = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** A breaker as a person sees it. What its owner has set goes before what its lane wrote last. */
export function readBreaker(
  record: BreakerRecord | null,
  settings: BreakerSettings | undefined,
  { holds, nowMs }: { holds: boolean; nowMs: number },
): BreakerReading {
  const { mode, ramp_ms: rampMs } = settings ?? DEFAULT_BREAKER;
  const { state, since, because, next_probe, failed_probes, refusals } = record ?? CLOSED;
  const isOpen = state === "open" || state === "half_open";
  const rampsUntil = state === "ramping" && since !== null && since + rampMs > nowMs ? since + rampMs : null;
  const base: BreakerReading = {
    state: state === "ramping" && rampsUntil === null ? "closed" : state,
    is_forced: mode === "open" || mode === "closed",
    since: isoTime(since),
    because,
    next_probe_at: isOpen && mode === "auto" ? isoTime(next_probe) : null,
    failed_probes,
    ramps_until: isoTime(rampsUntil),
    holds_events: holds,
    refusal: refusals && refusals.count >= NAMED_REFUSALS ? refusals : null,
  };
  if (mode === "open" && !isOpen)
    return { ...base, state: "open", since: null, because: { kind: "forced" }, ramps_until: null };
  const isLetGo = (mode === "closed" || mode === "off") && isOpen;
  return isLetGo || base.state === "closed" ? { ...base, state: "closed", since: null, because: null } : base;
}
