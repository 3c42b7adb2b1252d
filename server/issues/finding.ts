// The finding of a detector on one subject at one moment.
import type { IssueBars, IssueEvidence, IssueKind, IssueSubjectKind } from "#server/contracts/issue.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface Subject {
  kind: IssueSubjectKind;
  id: string;
}

/** What happened in a minute, by the minute's start. */
export interface Occurrence {
  atMs: number;
  count: number;
}

export type Verdict =
  /** It is so. `occurrences` are what the issue counts. */
  | {
      kind: "happening";
      evidence: IssueEvidence;
      needsPerson: boolean;
      occurrences: Occurrence[];
      bars: IssueBars;
    }
  /** It is over; `because` is a sentence. */
  | { kind: "over"; because: string }
  /** Too little is known to open an issue, or to end one. */
  | { kind: "unclear" };

export interface Finding {
  issue: IssueKind;
  subject: Subject;
  verdict: Verdict;
}

const BARS = 30;

/** Thirty minutes up to `nowMs` of rows that have a minute each. */
export function barsOf<T extends { atMs: number }>(
  rows: readonly T[],
  nowMs: number,
  of: { good: (row: T) => number; bad: (row: T) => number },
): IssueBars {
  const last = Math.floor(nowMs / MINUTE_MS);
  const bars = { good: new Array<number>(BARS).fill(0), bad: new Array<number>(BARS).fill(0) };
  for (const row of rows) {
    const place = BARS - 1 - (last - Math.floor(row.atMs / MINUTE_MS));
    if (place < 0 || place >= BARS) continue;
    bars.good[place] = (bars.good[place] ?? 0) + of.good(row);
    bars.bad[place] = (bars.bad[place] ?? 0) + of.bad(row);
  }
  return { until: new Date(nowMs).toISOString(), ...bars };
}

export const sumOf = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

/** The minute that runs, for what is so at a moment. */
export const onceNow = (nowMs: number): Occurrence[] => [{ atMs: Math.floor(nowMs / MINUTE_MS) * MINUTE_MS, count: 1 }];

export const isoOf = (ms: number): string => new Date(ms).toISOString();
