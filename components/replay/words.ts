// The name of an operation, and what it leaves out, in words. Pure.
import { EVENT_STATES, type EventState } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import type { BulkFilter, BulkKind, BulkOperation, SkipReason } from "#server/contracts/bulk.ts";

/** The names of the resources that a filter points at. */
export interface ScopeNames {
  sources: ReadonlyMap<string, { name: string }>;
  connections: ReadonlyMap<string, { name: string }>;
  destinations: ReadonlyMap<string, { name: string }>;
}

const SKIPS: Record<SkipReason, [one: string, many: string]> = {
  in_line: ["queued or held already", "queued or held already"],
  debug_copy: ["debug copy", "debug copies"],
  connection_deleted: ["whose connection was deleted", "whose connection was deleted"],
  destination_disabled: ["whose destination is disabled", "whose destination is disabled"],
  request_gone: ["past its retention or erased", "past their retention or erased"],
  rejected: ["rejected at the door", "rejected at the door"],
  duplicate: ["duplicate", "duplicates"],
  test: ["test", "tests"],
  no_connection: ["without a connection", "without a connection"],
  ignored_by_rules: ["ignored by a rule", "ignored by a rule"],
  finished: ["finished already", "finished already"],
};

/** `3 whose destination is disabled, 1 past its retention`; empty where nothing is left out. */
export const skipWords = (skipped: Partial<Record<SkipReason, number>>): string =>
  Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${formatCount(count)} ${SKIPS[reason as SkipReason]?.[count === 1 ? 0 : 1] ?? reason}`)
    .join(", ");

/** `1 event`, `2,318 requests` */
export const countWords = (count: number, one: "event" | "request"): string =>
  `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;

/** What an operation counts: a backfill and a retry of requests go through requests. */
export const unitOf = ({
  kind,
  filter,
}: {
  kind: BulkKind;
  filter: Pick<BulkFilter, "backfills">;
}): "event" | "request" => (kind === "requests_retry" || filter.backfills ? "request" : "event");

const stateWord = (status: string) => EVENT_STATES[status as EventState]?.word ?? status;

interface Named {
  kind: BulkKind;
  filter: BulkFilter;
}

/** `Replay failed events`, `Replay payment.*`, `Backfill`, `Cancel held events`, `Route requests again` */
export function verbWords({ kind, filter }: Named): string {
  if (filter.backfills) return "Backfill";
  if (kind === "requests_retry") return "Route requests again";
  const states = filter.status?.map((status) => stateWord(status).toLowerCase()) ?? [];
  const types = filter.event_type_pattern?.join(", ") ?? filter.event_type ?? "events";
  const noun = states.length > 0 && states.length < 3 ? `${states.join(" and ")} ${types}` : types;
  return `${kind === "events_cancel" ? "Cancel" : "Replay"} ${noun}`;
}

const named = (ids: string[] | undefined, names: ReadonlyMap<string, { name: string }>): string[] =>
  ids?.map((id) => names.get(id)?.name ?? id) ?? [];

/** Of what it is: the connections, destinations or sources that its filter names. */
export const scopeWords = ({ filter }: Pick<Named, "filter">, names: ScopeNames): string => {
  const some =
    [
      named(filter.connection_id, names.connections),
      named(filter.destination_id, names.destinations),
      named(filter.source_id, names.sources),
    ].find((list) => list.length > 0) ?? [];
  return some.length > 2 ? `${some[0]} and ${some.length - 1} more` : some.join(" and ");
};

export interface ScopeChip {
  name: string;
  value: string;
}

const isOrAny = (label: string, values: readonly unknown[]) =>
  values.length > 1 ? `${label} is any of` : `${label} is`;

/** `24 Nov 22:00` in UTC */
function shortTime(iso: string): string {
  const day = new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  return `${day} ${iso.slice(11, 16)}`;
}

/** A filter as chips, each part of it once. */
export function scopeChips(filter: BulkFilter, names: ScopeNames): ScopeChip[] {
  const chips: ScopeChip[] = [];
  const add = (label: string, values: readonly string[] | undefined) => {
    if (values && values.length > 0) chips.push({ name: isOrAny(label, values), value: values.join(", ") });
  };
  if (filter.id) chips.push({ name: "Chosen", value: formatCount(filter.id.length) });
  add("Source", named(filter.source_id, names.sources));
  add("Connection", named(filter.connection_id, names.connections));
  add("Destination", named(filter.destination_id, names.destinations));
  add("State", filter.status?.map(stateWord));
  add("Event", filter.event_type_pattern ?? (filter.event_type ? [filter.event_type] : undefined));
  add("Answer", filter.response_status?.length ? [rangeOf(filter.response_status)] : undefined);
  add("Error", filter.error_code);
  add("Held because", filter.hold_reason);
  add("Failed because", filter.ended_because);
  add("Group", filter.group);
  if (filter.verified !== undefined) chips.push({ name: "Verified is", value: filter.verified ? "yes" : "no" });
  if (!filter.id) chips.push({ name: "Time", value: `${shortTime(filter.from)} to ${shortTime(filter.to)} UTC` });
  return chips;
}

/** `500 to 599`, where the numbers follow each other. */
function rangeOf(numbers: readonly number[]): string {
  const [first = 0, last = first] = [numbers[0], numbers.at(-1)];
  return last - first === numbers.length - 1 && numbers.length > 2 ? `${first} to ${last}` : numbers.join(", ");
}

/** Who started it, by name where it has one. */
export const starterOf = ({ started_by: { kind, id, name } }: BulkOperation): string =>
  name ?? (kind === "system" ? "Switchyard" : `${id.slice(0, 8)}…${id.slice(-4)}`);
