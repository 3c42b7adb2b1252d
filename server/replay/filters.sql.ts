// The frozen filter of an operation as SQL. Columns are named here, values are parameters.

import type { BulkFilter } from "#server/contracts/bulk.ts";
import { BETWEEN_TYPES } from "#server/contracts/event-facts.ts";
import { groupEnds, isOfGroups } from "#server/contracts/group-filter.ts";
import { lowestId } from "#server/ids.ts";

/** Adds a value to those of a statement; returns its placeholder. */
export type Bind = (value: unknown) => string;

/** The values of a statement, in the order in which they are bound. */
export function makeBind(): { bind: Bind; values: unknown[] } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/**
 * Bounds of ids: those above the first and below the second are in the window. Ids of both kinds hold the time at which the
 * request came.
 */
export const idBounds = (kind: "event" | "request", { from, to }: BulkFilter): { above: string; below: string } => ({
  above: lowestId(kind, Date.parse(from)),
  below: lowestId(kind, Date.parse(to) + 1),
});

/** The pattern of LIKE for a glob, whose `*` stands for any run of characters. */
export const likeOf = (glob: string): string => glob.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");

/**
 * Whether an event type, or one of those of a list, holds a condition such as `= $1`. A list with more types than it names may be of any,
 * so it holds every condition, as it fits every glob: `listedTypes`.
 *
 * @param column of event types
 */
export const isAnyType = (column: string, condition: string): string =>
  `(${column} ${condition} or ${column} ~ ' \\(\\+\\d+\\)$' or (position('${BETWEEN_TYPES}' in ${column}) > 0
    and exists (select from unnest(string_to_array(${column}, '${BETWEEN_TYPES}')) as listed where listed ${condition})))`;

type TextColumn =
  | "id"
  | "source_id"
  | "connection_id"
  | "destination_id"
  | "status"
  | "error_code"
  | "hold_reason"
  | "ended_because";
const EVENT_COLUMNS: TextColumn[] = [
  "id",
  "source_id",
  "connection_id",
  "destination_id",
  "status",
  "error_code",
  "hold_reason",
  "ended_because",
];
const REQUEST_COLUMNS: TextColumn[] = ["id", "source_id", "status"];

function conditions(row: string, filter: BulkFilter, columns: TextColumn[], bind: Bind): string[] {
  const parts = columns.flatMap((column) => {
    const values = filter[column];
    return values === undefined ? [] : [`${row}.${column} = any (${bind(values)}::text[])`];
  });
  if (filter.event_type !== undefined) parts.push(isAnyType(`${row}.event_type`, `= ${bind(filter.event_type)}`));
  if (filter.event_type_pattern !== undefined) {
    const patterns = bind(filter.event_type_pattern.map(likeOf));
    parts.push(isAnyType(`${row}.event_type`, `like any (${patterns}::text[])`));
  }
  return parts;
}

const all = (parts: string[]) => parts.join(" and ") || "true";

/** A condition on an event; its window is that of {@link idBounds}. */
export function isEventMatch(row: string, filter: BulkFilter, bind: Bind): string {
  const parts = conditions(row, filter, EVENT_COLUMNS, bind);
  if (filter.response_status) parts.push(`${row}.response_status = any (${bind(filter.response_status)}::integer[])`);
  if (filter.group) parts.push(isOfGroups(row, bind(groupEnds(filter.group))));
  return all(parts);
}

/** A condition on a request. `connection_id` says where the request is routed to, so it is no part of the condition. */
export function isRequestMatch(row: string, filter: BulkFilter, bind: Bind): string {
  const parts = conditions(row, filter, REQUEST_COLUMNS, bind);
  if (filter.verified !== undefined) parts.push(`${row}.verified = ${bind(filter.verified)}`);
  return all(parts);
}
