// The order of a destination in words: what a key would mean for the last requests, and what waits. Pure.

import { counted } from "#components/graph-drawer/affected.ts";
import { isFieldPath } from "#components/rules/payload-paths.ts";
import { formatCount } from "#components/ui/format.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { OrderNow } from "#server/contracts/order-now.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { jsonText } from "#server/json/show.ts";
import type { Json } from "#server/json/value.ts";
import { isAbsent, parseFieldPath, readField } from "#server/rules/field-path.ts";

const LONGEST_SHOWN = 60;

const valueText = (value: unknown) =>
  typeof value === "string" ? value : jsonText(value as Json, Number.POSITIVE_INFINITY);

/** What the requests have at a path: how many different values, and how many have none. Null for what is no path. */
export function keysAt(requests: readonly TransformRequest[], path: string) {
  if (!isFieldPath(path)) return null;
  const parsed = parseFieldPath(path);
  const found = requests.map((request) => readField(request, parsed));
  const values = found.filter((value) => !isAbsent(value, parsed));
  const texts = new Set(values.map(valueText));
  return { different: texts.size, without: requests.length - values.length };
}

/** "Of the last 20 requests 3 have nothing there: those share one key." */
export function withoutWords(without: number, of: number): string {
  if (without === 0) return of === 1 ? "It is in the last request." : `It is in each of the last ${of} requests.`;
  return `Of the last ${counted(of, "request")} ${formatCount(without)} ${without === 1 ? "has" : "have"} nothing there: such requests share one key.`;
}

const valueWords = (value: string | null) =>
  value === null
    ? "the one line"
    : value === ""
      ? "requests without the key"
      : visibleText(value).slice(0, LONGEST_SHOWN);

/** Who has to go before the others, as the subject of a sentence. */
export const blockedName = (value: string | null): string =>
  value === null ? "All of it" : value === "" ? "Requests without the key" : visibleText(value).slice(0, LONGEST_SHOWN);

/** How many keys have events, and where the most wait; undefined where nothing does. */
export function waitingWords({ keys, longest, is_at_least }: OrderNow): string | undefined {
  if (keys === 0) return undefined;
  const waits = longest && longest.waiting > 0 ? longest : null;
  if (longest?.order_value === null) return `${counted(longest.waiting, "event")} behind the first.`;
  const now = `${is_at_least ? "More than " : ""}${counted(keys, "key")} with events now`;
  return waits
    ? `${now}. The most wait at ${valueWords(waits.order_value)}: ${formatCount(waits.waiting)} behind the first.`
    : `${now}, none with more than one.`;
}

const HELD: Record<HoldReason, string> = {
  connection_paused: "its connection is paused",
  group_paused: "its group is paused",
  destination_disabled: "the destination is disabled",
  breaker_open: "the breaker is open",
  waits_for_order: "it waits itself",
  maintenance: "the destination cannot be used",
  not_connected: "nobody listens",
  lease_expired: "the lease of the endpoint has run out",
  endpoint_unverified: "the endpoint has not answered its challenge",
};

/** Why a key stands still, behind its name. */
export function blockedWords({ head, waiting }: OrderNow["blocked"][number]): string {
  const behind = waiting === 0 ? "Nothing waits behind it yet" : `${formatCount(waiting)} wait behind it`;
  if (head.status === "FAILED") return `is blocked by an event that has failed. ${behind}.`;
  const why = head.hold_reason === null ? "it is held" : HELD[head.hold_reason];
  return `stands still: ${why}. ${behind}.`;
}
