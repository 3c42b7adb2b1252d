// A page's knowledge of its team while it is open: the whole, kept up to date by each change. Pure.
import type { LiveChange, LiveEvent, LiveRequest } from "#server/contracts/live.ts";

type ById<T> = Readonly<Record<string, T>>;
export type LiveById = "counts" | "rates" | "bulk" | "sources" | "destinations" | "issues";
type Counted<K extends LiveById> = ById<NonNullable<NonNullable<LiveChange[K]>[string]>>;

/** Undefined: not heard of yet, or not asked for. */
export interface LiveState {
  counts?: Counted<"counts">;
  rates?: Counted<"rates">;
  bulk?: Counted<"bulk">;
  sources?: Counted<"sources">;
  destinations?: Counted<"destinations">;
  issues?: Counted<"issues">;
  /** The newest, newest first, as they were last heard of. */
  requests: readonly LiveRequest[];
  events: readonly LiveEvent[];
  /** There is more of something than `counts` says. */
  isAtLeast: boolean;
}

export const NOTHING_HEARD: LiveState = { requests: [], events: [], isAtLeast: false };

const REMEMBERED_ROWS = 50;

function patched<T>(known: ById<T> | undefined, change: Record<string, T | null>, isWhole: boolean): ById<T> {
  const entries = Object.entries({ ...(isWhole ? {} : known), ...change });
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== null));
}

/** Ids begin with their time, so the greater is the newer. */
function newestOf<T extends { id: string }>(known: readonly T[], heard: readonly T[]): readonly T[] {
  const byId = new Map([...known, ...heard].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, REMEMBERED_ROWS);
}

/** The state after a change; a part that did not change stays the same object. */
export function follow(state: LiveState, change: LiveChange): LiveState {
  const next = { ...state };
  if (change.counts) next.counts = patched(state.counts, change.counts, change.is_whole);
  if (change.rates) next.rates = patched(state.rates, change.rates, change.is_whole);
  if (change.bulk) next.bulk = patched(state.bulk, change.bulk, change.is_whole);
  if (change.sources) next.sources = patched(state.sources, change.sources, change.is_whole);
  if (change.destinations) next.destinations = patched(state.destinations, change.destinations, change.is_whole);
  if (change.issues) next.issues = patched(state.issues, change.issues, change.is_whole);
  if (change.requests) next.requests = newestOf(change.is_whole ? [] : state.requests, change.requests);
  if (change.events) next.events = newestOf(change.is_whole ? [] : state.events, change.events);
  if (change.is_at_least !== undefined) next.isAtLeast = change.is_at_least;
  return next;
}

export interface Waiting {
  queued: number;
  scheduled: number;
  retrying: number;
  held: number;
  failed: number;
}

/** What waits or has failed at one connection, at one destination or in the whole team. */
export function waitingAt(
  counts: LiveState["counts"],
  where: { connectionId?: string; destinationId?: string } = {},
): Waiting | undefined {
  if (!counts) return undefined;
  const sum: Waiting = { queued: 0, scheduled: 0, retrying: 0, held: 0, failed: 0 };
  for (const [connectionId, row] of Object.entries(counts)) {
    if (where.connectionId !== undefined && where.connectionId !== connectionId) continue;
    if (where.destinationId !== undefined && where.destinationId !== row.destination_id) continue;
    sum.queued += row.queued_count;
    sum.scheduled += row.scheduled_count;
    sum.retrying += row.retrying_count;
    sum.held += row.hold_count;
    sum.failed += row.failed_count;
  }
  return sum;
}

/**
 * How many minutes the counts of `rates` are of at `nowMs`: the running one and the last whole one, so 1 to 2. To a tenth, so
 * that what is drawn of it stays as it is for some seconds.
 */
export const rateMinutes = (nowMs: number): number => 1 + Math.floor((nowMs % 60_000) / 6_000) / 10;
