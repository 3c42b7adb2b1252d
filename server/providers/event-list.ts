// Requests that bring a list of events. What the list is called and told apart by is made of all of its events.
// docs/decisions/080-lists-of-events.md
import { createHash } from "node:crypto";
import { BETWEEN_TYPES } from "#server/contracts/event-facts.ts";
import { MAX_LISTED } from "#server/json/json-outline.ts";
import { isId } from "./body-fields.ts";
import type { RawIdentity } from "./provider.ts";

/** One event of a list: its type and the texts that tell it from others, where it has them. */
export interface ListedEvent {
  type: unknown;
  id: unknown;
}

/** As much as is stored of a type. */
const MAX_TYPE_LENGTH = 255;
/** Leaves room for how many more there are. */
const MAX_NAMED_LENGTH = MAX_TYPE_LENGTH - 10;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/**
 * `delivered`, or `delivered, open` where they differ, or `delivered, open (+3)` where not all of them have room. In the order of
 * the alphabet: whichever came first, the same types make one name, which is counted as one.
 */
function typesOf(events: readonly ListedEvent[]): string | null {
  const types = [...new Set(events.map(({ type }) => type).filter(isText))].sort();
  const [first = "", ...others] = types;
  let named = first;
  let left = others.length;
  for (const type of others) {
    if (named.length + BETWEEN_TYPES.length + type.length > MAX_NAMED_LENGTH) break;
    named += BETWEEN_TYPES + type;
    left -= 1;
  }
  // Of a list that was not read to its end nobody knows how many types there are.
  if (events.length > MAX_LISTED) left += 1;
  return types.length === 0 ? null : named + (left > 0 ? ` (+${left})` : "");
}

/**
 * The id of one event alone, else one that only the same events in the same order have: the first one's, how many more there
 * are, and a digest of all. Null where an event has none, or where the list was not read to its end: another list might be
 * taken for its repetition, and its events would be lost.
 */
function idOf(events: readonly ListedEvent[]): string | number | bigint | null {
  const ids = events.map(({ id }) => id).filter(isId);
  const [first] = ids;
  if (first === undefined || ids.length < events.length || events.length > MAX_LISTED) return null;
  if (ids.length === 1) return first;
  const digest = createHash("sha256")
    .update(JSON.stringify(ids.map(String)))
    .digest("base64url");
  return `${String(first).slice(0, 100)} (+${ids.length - 1}) ${digest.slice(0, 22)}`;
}

/** Null where there is no event. */
export const identifyList = (events: readonly ListedEvent[]): RawIdentity | null =>
  events.length === 0 ? null : { eventType: typesOf(events), providerEventId: idOf(events) };
