// The difference between two looks at a team. Pure.
import type { LiveChange, LiveKind } from "#server/contracts/live.ts";
import type { CardRows } from "./cards.ts";
import { MAX_FAILED, type SnapshotRow } from "./snapshot.sql.ts";

type ById = Record<string, unknown>;

/** The state of a team, by section. */
export interface Snapshot {
  counts: ById;
  is_at_least: boolean;
  rates: ById;
  bulk: ById;
  issues: ById;
  /** Both undefined until somebody has asked for them. */
  sources?: ById;
  destinations?: ById;
  requests: NonNullable<LiveChange["requests"]>;
  events: NonNullable<LiveChange["events"]>;
  config: string;
}

function keyed<T extends object>(rows: readonly T[], key: keyof T & string): ById {
  return Object.fromEntries(
    rows.map((row) => [row[key], Object.fromEntries(Object.entries(row).filter(([name]) => name !== key))]),
  );
}

/** Whether the bound was reached, and so there may be more that failed than was counted. */
const isAtLeast = (counts: SnapshotRow["counts"]): boolean =>
  counts.reduce((sum, { failed_count }) => sum + failed_count, 0) > MAX_FAILED;

export const toSnapshot = (row: SnapshotRow): Snapshot => ({
  counts: keyed(row.counts, "connection_id"),
  is_at_least: isAtLeast(row.counts),
  rates: keyed(row.rates, "id"),
  bulk: keyed(row.bulk, "id"),
  issues: keyed(row.issues, "id"),
  requests: row.requests,
  events: row.events,
  config: row.config,
});

/** The snapshot with what cards show. */
export const withCards = (snapshot: Snapshot, { sources, destinations }: CardRows): Snapshot => ({
  ...snapshot,
  sources: keyed(sources, "id"),
  destinations: keyed(destinations, "id"),
});

/** All of it, for a page that has just been opened. */
export const wholeChange = (snapshot: Snapshot): LiveChange => ({ is_whole: true, ...snapshot }) as LiveChange;

/** What has not been looked at before is told as a whole. */
function differences(before: ById | undefined, after: ById | undefined): ById | undefined {
  if (!before || !after) return after;
  const changed = Object.entries(after).filter(([id, value]) => JSON.stringify(before[id]) !== JSON.stringify(value));
  const gone = Object.keys(before).filter((id) => !(id in after));
  if (changed.length === 0 && gone.length === 0) return undefined;
  return Object.fromEntries([...changed, ...gone.map((id) => [id, null] as const)]);
}

function newsOf<T extends { id: string }>(before: readonly T[], after: readonly T[]): T[] | undefined {
  const known = new Map(before.map((row) => [row.id, JSON.stringify(row)]));
  const news = after.filter((row) => known.get(row.id) !== JSON.stringify(row));
  return news.length > 0 ? news : undefined;
}

/** The changes since `before`, or null when there are none. */
export function changeBetween(before: Snapshot, after: Snapshot): LiveChange | null {
  const parts = {
    counts: differences(before.counts, after.counts),
    is_at_least: before.is_at_least === after.is_at_least ? undefined : after.is_at_least,
    rates: differences(before.rates, after.rates),
    bulk: differences(before.bulk, after.bulk),
    issues: differences(before.issues, after.issues),
    sources: differences(before.sources, after.sources),
    destinations: differences(before.destinations, after.destinations),
    requests: newsOf(before.requests, after.requests),
    events: newsOf(before.events, after.events),
    config: before.config === after.config ? undefined : after.config,
  };
  const told = Object.entries(parts).filter(([, value]) => value !== undefined);
  return told.length === 0 ? null : ({ is_whole: false, ...Object.fromEntries(told) } as LiveChange);
}

/** The part of a change that a page has asked for; null when there is none. */
export function ofKinds(change: LiveChange, kinds: readonly LiveKind[] | undefined): LiveChange | null {
  if (kinds === undefined) return change;
  const wanted = new Set<string>(kinds);
  const kept = Object.entries(change).filter(
    ([name]) => wanted.has(name) || (name === "is_at_least" && wanted.has("counts")),
  );
  return kept.length > 0 || change.is_whole ? { is_whole: change.is_whole, ...Object.fromEntries(kept) } : null;
}
