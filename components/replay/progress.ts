// The progress of an operation, from what the server counts. Pure.
import type { EventState } from "#components/ui/event-state.tsx";
import type { BulkOperation, BulkOperationDetail } from "#server/contracts/bulk.ts";

export interface Progress {
  /** What it is of; grows where it found more than was counted before. */
  total: number;
  /** Put in line, held, routed or ended by it. */
  moved: number;
  /** Not yet touched: what cancelling spares. */
  left: number;
  /** What has had its try since. */
  sent: number;
  segments: { state: EventState; count: number }[];
}

/** How many of them an operation has dealt with. */
export const movedCount = (
  of: Pick<BulkOperation, "queued_count" | "held_count" | "routed_count" | "cancelled_count">,
) => of.queued_count + of.held_count + of.routed_count + of.cancelled_count;

const TRIED: readonly EventState[] = ["DELIVERED", "RETRYING", "FAILED", "CANCELLED"];
const ORDER: readonly EventState[] = [...TRIED, "HOLD", "QUEUED", "SCHEDULED"];

export function progressOf(operation: BulkOperationDetail): Progress {
  const { kind, outcomes, cancelled_count, total_count, state } = operation;
  const counts: Partial<Record<EventState, number>> =
    kind === "events_cancel" ? { CANCELLED: cancelled_count } : outcomes;
  const segments = ORDER.flatMap((one) => (counts[one] ? [{ state: one, count: counts[one] }] : []));
  const moved = movedCount(operation);
  const seen = segments.reduce((sum, { count }) => sum + count, 0);
  const total = Math.max(total_count ?? 0, moved, seen);
  const tried = segments.reduce((sum, one) => sum + (TRIED.includes(one.state) ? one.count : 0), 0);
  // Of one that is over, what nobody counts any more was sent, and has gone or was sent again since.
  const sent = tried + (state === "RUNNING" ? 0 : Math.max(0, moved - seen));
  return { total, moved, sent, segments, left: state === "RUNNING" ? Math.max(0, total - moved) : 0 };
}

/** What was seen of an operation, and when. */
export interface Sample {
  atMs: number;
  sent: number;
}

const KEPT = 240;
const WINDOW_MS = 10_000;
/** Events go in groups: over less than this a rate is a guess. */
const LEAST_MS = 3_000;
const SMOOTH_MS = 5_000;

/** The samples with one more; the oldest go. */
export const withSample = (samples: readonly Sample[], sample: Sample): Sample[] =>
  samples.at(-1)?.atMs === sample.atMs ? [...samples] : [...samples, sample].slice(-KEPT);

/** Sends a minute over the last seconds; null before there are two looks. */
export function ratePerMinute(samples: readonly Sample[]): number | null {
  const last = samples.at(-1);
  const first = last && samples.find(({ atMs }) => atMs >= last.atMs - WINDOW_MS);
  if (!last || !first || last.atMs - first.atMs < LEAST_MS) return null;
  return Math.max(0, ((last.sent - first.sent) * 60_000) / (last.atMs - first.atMs));
}

/** The rate at each look, over the seconds before it. */
export const ratesBetween = (samples: readonly Sample[]): { atMs: number; perMinute: number }[] =>
  samples.slice(1).map((sample) => {
    const before = samples.find(({ atMs }) => atMs >= sample.atMs - SMOOTH_MS) ?? sample;
    const ms = Math.max(1, sample.atMs - before.atMs);
    return { atMs: sample.atMs, perMinute: Math.max(0, ((sample.sent - before.sent) * 60_000) / ms) };
  });
