// The paces of the groups of one destination: each value has its own rate and concurrency, within those of the destination. Pure:
// time and what earlier lanes have sent are arguments. Groups without a limit cost nothing here.
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import { shownGroup } from "#server/contracts/group-filter.ts";
import { type Groups, limitsOfGroup } from "#server/contracts/groups.ts";
import { RATE_PERIOD_MS } from "#server/contracts/rate-period.ts";
import { groupMark } from "#server/rules/group-key.ts";
import type { GroupRate } from "./group-rates.sql.ts";
import { type Limits, makePace, type Outcome, type Pace } from "./pace.ts";
import type { RateLog } from "./rate-window.ts";

export interface GroupPaces {
  /** Today's groups; null where the destination has none. */
  configure(groups: Groups | null): void;
  /** What may be taken now, counted as it is asked for. */
  admission(nowMs: number): Admission;
  /** Whether nothing of this group may go now. */
  isBlocked(turnKey: string, nowMs: number): boolean;
  /** What earlier lanes have sent for these groups: a group with a rate limit is not admitted before that is known. */
  know(logs: ReadonlyMap<string, RateLog>, turnKeys: readonly string[], nowMs: number): void;
  /** These events, by id, are of these groups from now on. */
  started(events: readonly { id: string; turn_key: string | null }[], nowMs: number): void;
  learn(outcome: Exclude<Outcome, { kind: "started" }>, nowMs: number): void;
  /** What is to be written down: of the groups of these events, and of some that can be forgotten then. */
  toWrite(turnKeys: Iterable<string | null>, nowMs: number): GroupRate[];
  /** It was written down. */
  written(rates: readonly GroupRate[]): void;
  /** All that has changed since it was written down. */
  unwritten(nowMs: number): GroupRate[];
  size(): number;
}

export interface Admission {
  admits(turnKey: string | null): boolean;
  /** The groups of which it has to be known first what was sent. */
  unknown(): string[];
  /** When the first of those that were not admitted may go. `Infinity`: not before the next outcome. */
  freeAtMs(): number;
}

interface Entry {
  pace: Pace;
  periodMs: number;
  isWritten: boolean;
}

/** More are kept only while they have sends under way. */
const MAX_IDLE = 10_000;
/** So many are forgotten at a time, so that no write is long. */
const FORGET_AT_ONCE = 200;
/** A send may take this long, and counts for a period from then. */
const MAX_SEND_MS = 120_000;
const NO_BREAKER = { ...DEFAULT_LIMITS.breaker, mode: "off" } as const;
const NOTHING_BEFORE = { isSlow: false, breaker: null };

export function makeGroupPaces(): GroupPaces {
  const entries = new Map<string, Entry>();
  /** The group of each event that is under way. */
  const keyOf = new Map<string, string>();
  let groups: Groups | null = null;
  let mark = "";
  let hasLimits = false;

  function limitsOf(turnKey: string): (Limits & { isPaused: boolean }) | null {
    if (!groups || !turnKey.startsWith(mark)) return null;
    const { concurrency, ...limits } = limitsOfGroup(groups, shownGroup(turnKey) ?? "");
    return {
      ...limits,
      concurrency: concurrency ?? Number.POSITIVE_INFINITY,
      breaker: NO_BREAKER,
      maintenance_windows: [],
    };
  }

  function make(turnKey: string, limits: Limits, rateLog: RateLog | null, nowMs: number): Entry {
    const entry = {
      pace: makePace({ ...NOTHING_BEFORE, rateLog }, limits, nowMs),
      periodMs: RATE_PERIOD_MS[limits.rate_limit_period],
      isWritten: true,
    };
    entries.set(turnKey, entry);
    return entry;
  }

  /** How many may go of a group, or since when more may; null when it is not known what was sent. */
  function nextOf(turnKey: string, nowMs: number): { count: number; untilMs: number } | null {
    const limits = limitsOf(turnKey);
    const isFree = !limits || limits.isPaused || (limits.rate_limit === null && limits.concurrency === Infinity);
    if (isFree) return { count: Number.POSITIVE_INFINITY, untilMs: nowMs };
    const entry = entries.get(turnKey) ?? (limits.rate_limit === null ? make(turnKey, limits, null, nowMs) : null);
    if (!entry) return null;
    entry.periodMs = RATE_PERIOD_MS[limits.rate_limit_period];
    entry.pace.configure(limits, null, nowMs);
    const next = entry.pace.next(nowMs);
    if (next.kind === "send") return { count: next.count, untilMs: nowMs };
    return { count: 0, untilMs: next.kind === "wait" ? next.untilMs : nowMs };
  }

  function admission(nowMs: number): Admission {
    const left = new Map<string, number>();
    const unknown = new Set<string>();
    let freeAtMs = Number.POSITIVE_INFINITY;
    return {
      admits(turnKey) {
        if (!hasLimits || turnKey === null) return true;
        let count = left.get(turnKey);
        if (count === undefined) {
          const next = nextOf(turnKey, nowMs);
          if (!next) unknown.add(turnKey);
          else if (next.count === 0) freeAtMs = Math.min(freeAtMs, next.untilMs);
          count = next?.count ?? 0;
        }
        left.set(turnKey, count - 1);
        return count > 0;
      },
      unknown: () => [...unknown],
      freeAtMs: () => freeAtMs,
    };
  }

  function rateOf(turnKey: string, { pace, periodMs }: Entry, nowMs: number): GroupRate[] {
    const log = pace.rateLog(nowMs);
    if (!log || log.length === 0) return [];
    return [{ turn_key: turnKey, rate_log: log, expires_at: new Date(nowMs + periodMs + MAX_SEND_MS) }];
  }

  /** Groups with nothing under way, of which more are kept than are needed. */
  function* superfluous(): Generator<[string, Entry]> {
    let left = Math.min(FORGET_AT_ONCE, entries.size - MAX_IDLE);
    for (const [turnKey, entry] of entries) {
      if (left <= 0) return;
      if (entry.pace.onWire() > 0) continue;
      left--;
      yield [turnKey, entry];
    }
  }

  function forgetSuperfluous(nowMs: number): void {
    for (const [turnKey, entry] of superfluous()) {
      if (entry.isWritten || rateOf(turnKey, entry, nowMs).length === 0) entries.delete(turnKey);
    }
  }

  return {
    configure(newGroups) {
      if (newGroups === groups) return;
      groups = newGroups;
      mark = newGroups ? groupMark(newGroups) : "";
      const all = newGroups ? [newGroups, ...Object.values(newGroups.overrides)] : [];
      hasLimits = all.some(({ rate_limit, concurrency }) => rate_limit != null || concurrency != null);
    },
    admission,
    isBlocked: (turnKey, nowMs) => hasLimits && nextOf(turnKey, nowMs)?.count === 0,
    know(logs, turnKeys, nowMs) {
      for (const turnKey of turnKeys) {
        const limits = limitsOf(turnKey);
        if (limits && !entries.has(turnKey)) make(turnKey, limits, logs.get(turnKey) ?? null, nowMs);
      }
      // Of groups that all have to wait nothing is started, and more and more become known.
      forgetSuperfluous(nowMs);
    },
    started(events, nowMs) {
      for (const { id, turn_key } of events) {
        const entry = turn_key === null ? undefined : entries.get(turn_key);
        if (!entry || turn_key === null) continue;
        keyOf.set(id, turn_key);
        entry.pace.learn({ kind: "started", eventIds: [id] }, nowMs);
        entry.isWritten = false;
      }
      forgetSuperfluous(nowMs);
    },
    learn(outcome, nowMs) {
      const entry = entries.get(keyOf.get(outcome.eventId) ?? "");
      if (outcome.kind === "ended") keyOf.delete(outcome.eventId);
      if (!entry) return;
      entry.pace.learn(outcome, nowMs);
      entry.isWritten = false;
    },
    toWrite(turnKeys, nowMs) {
      const wanted = new Set([...turnKeys].filter((key) => key !== null));
      for (const [turnKey, entry] of superfluous()) if (!entry.isWritten) wanted.add(turnKey);
      return [...wanted].flatMap((turnKey) => {
        const entry = entries.get(turnKey);
        return entry ? rateOf(turnKey, entry, nowMs) : [];
      });
    },
    written(rates) {
      for (const { turn_key } of rates) {
        const entry = entries.get(turn_key);
        if (entry) entry.isWritten = entry.pace.onWire() === 0;
      }
    },
    unwritten: (nowMs) =>
      [...entries].flatMap(([turnKey, entry]) => (entry.isWritten ? [] : rateOf(turnKey, entry, nowMs))),
    size: () => entries.size,
  };
}
