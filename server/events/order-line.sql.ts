// Lines: the events of one destination with one order key, which go out one after the other. `order_line` says when the lane has
// to look at a line again. Every statement that puts an event into a line or moves one there says so in the same transaction.
import { listOf } from "./lifecycle.sql.ts";
import { UNFINISHED } from "./lifecycle.ts";

/** Failed for good, while later events of its line wait for somebody to see to it. */
export const blocksItsLine = (row: string): string =>
  `${row}.status = 'FAILED' and ${row}.order_key is not null and ${row}.ended_because is distinct from 'skipped_in_order'`;

/** The condition of the partial index: what later events of the line have to wait for. */
export const isInLine = (row: string): string =>
  `${row}.order_key is not null and (${row}.status in (${listOf(UNFINISHED)})
    or ${row}.status = 'FAILED' and ${row}.ended_because is distinct from 'skipped_in_order')`;

/** The characters of an event's id that carry its time. Ids of later events of a line do not sort before them. */
export const timeOfId = (id: string): string => `left(${id}, 14)`;

/** The turn key of a line, until the lane has seen its head. */
const TURN_KEY = "min(coalesce(turn_key, connection_id))";

/**
 * The part of a statement that adds new events to their lines.
 * A line that is there already is looked at when its head is due. A newcomer changes that in two cases: it came before the head,
 * or the line is blocked, and then it is held like the others.
 * @param added a relation of events with `id`, `connection_id`, `destination_id`, `order_key`, `turn_key` and `next_attempt_at`
 */
export const joinLines = (
  added: string,
): string => `insert into order_line as l (destination_id, order_key, due_at, from_id, turn_key)
  select destination_id, order_key, min(next_attempt_at), min(${timeOfId("id")}), ${TURN_KEY} from ${added}
  where order_key is not null group by destination_id, order_key order by destination_id, order_key
  on conflict (destination_id, order_key) do update set version = l.version + 1,
    due_at = case when l.is_blocked or excluded.from_id <= l.from_id then least(l.due_at, excluded.due_at) else l.due_at end,
    from_id = least(l.from_id, excluded.from_id)`;

/**
 * The part of a statement that moves events which has the lane look at their lines now.
 * @param moved a relation of events with `id`, `connection_id`, `destination_id`, `order_key` and `turn_key`
 */
export const touchLines = (
  moved: string,
): string => `insert into order_line as l (destination_id, order_key, due_at, from_id, turn_key)
  select destination_id, order_key, now(), min(${timeOfId("id")}), ${TURN_KEY} from ${moved}
  where order_key is not null group by destination_id, order_key order by destination_id, order_key
  on conflict (destination_id, order_key) do update set version = l.version + 1,
    due_at = least(l.due_at, excluded.due_at), from_id = least(l.from_id, excluded.from_id)`;

/**
 * The order key of an event at a destination for which nothing is read from it: that of `fifo`, or of requests without the key.
 * Null where there is no order. As `orderMark` makes it.
 */
export const orderMarkOf = (
  destination: string,
): string => `case ${destination}.config ->> 'ordering' when 'fifo' then 'fifo.....'
  when 'by_key' then 'k' || left(encode(sha256(convert_to(${destination}.config ->> 'ordering_key', 'UTF8')), 'hex'), 8) end`;
