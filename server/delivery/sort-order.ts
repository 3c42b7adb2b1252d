// Sorts the events of a destination anew when its order has changed, before anything is sent by the new one. The lane does it,
// because nobody else sends there meanwhile. Routing may still be at work by the old order: what it leaves is sorted a little later.
import { factsOf } from "#server/contracts/event-facts.ts";
import type { OrderSettings } from "#server/contracts/ordering.ts";
import type { Pool } from "#server/database/db.ts";
import { loadBody, loadFacts, loadRequests, type StoredRequest } from "#server/events/stored-request.sql.ts";
import type { Clock } from "#server/process/clock.ts";
import { orderMark, orderPath, toOrderKey } from "#server/rules/order-key.ts";
import { loadTransformedBody } from "./body-loader.ts";
import type { HeldLease } from "./held-lease.ts";
import {
  deleteOtherLines,
  lookAtBlocked,
  readUnsorted,
  recordOrder,
  restoreLines,
  sortEvents,
  type UnsortedEvent,
  waysToUnsorted,
} from "./order-sort.sql.ts";

/** Reads what a request has at a path, as it is delivered, on a thread that its sender cannot hold up. */
export type ReadValue = (stored: StoredRequest, path: string) => Promise<string>;

export interface SortingLane {
  pool: Pool;
  clock: Clock;
  lease: HeldLease;
  readValue: ReadValue;
}

export const PAGE_EVENTS = 200;
export const SMALL_BODY_BYTES = 16 * 1024;
/** A branch that was judged by the old order is stored by then. */
export const AGAIN_AFTER_MS = 20_000;

/** The order of a destination in one word; null where there is none. */
function wordOf(settings: OrderSettings): string | null {
  const mark = orderMark(settings);
  return mark === null ? null : `${mark}:${settings.on_order_failure}`;
}

/** Resolves when the events in line have the keys of these settings. False when the lease was lost before. */
export async function keepSorted(lane: SortingLane, settings: OrderSettings): Promise<boolean> {
  const { lease, pool, clock } = lane;
  const of = wordOf(settings);
  const isNew = lease.order.of !== of;
  const isTimeAgain = lease.order.sortAt !== null && lease.order.sortAt.getTime() <= clock.nowMs();
  if (!isNew && !isTimeAgain) return true;
  if (!(await sortAll(lane, settings))) return false;
  if (isNew) await lookAtBlocked(pool, lease.destinationId);
  const order = { of, sortAt: isNew ? new Date(clock.nowMs() + AGAIN_AFTER_MS) : null };
  if (!(await recordOrder(pool, lease, order))) return false;
  lease.order = { ...lease.order, ...order };
  return true;
}

async function sortAll(lane: SortingLane, settings: OrderSettings): Promise<boolean> {
  const { pool, lease } = lane;
  const mark = orderMark(settings);
  const { destinationId } = lease;
  for (const way of await waysToUnsorted(pool, destinationId)) {
    let after: UnsortedEvent["at"] = ["", "", ""];
    for (;;) {
      if (!lease.isHeld()) return false;
      const page = await readUnsorted(pool, way, { destinationId, after, limit: PAGE_EVENTS, mark });
      const last = page.at(-1);
      if (!last) break;
      await sortEvents(pool, lease, await withKeys(lane, page, settings));
      after = last.at;
    }
  }
  await deleteOtherLines(pool, destinationId, mark);
  await restoreLines(pool, destinationId, mark);
  return true;
}

async function withKeys(lane: SortingLane, page: UnsortedEvent[], settings: OrderSettings) {
  const mark = orderMark(settings);
  const path = orderPath(settings);
  if (mark === null || path === null) {
    return page.map(({ team_id, id }) => ({ team_id, id, order_key: mark }));
  }
  const keys = page.map((event) => [event.team_id, event.request_id] as const);
  const requests = await loadRequests(lane.pool, keys, SMALL_BODY_BYTES);
  const facts = await factsFor(lane.pool, path, page);
  const sorted: { team_id: string; id: string; order_key: string }[] = [];
  for (const event of page) {
    const stored = requests.get(event.request_id);
    const value = stored ? await lane.readValue(await asDelivered(lane.pool, event, stored, facts), path) : "";
    sorted.push({ team_id: event.team_id, id: event.id, order_key: toOrderKey(mark, value) });
  }
  return sorted;
}

type Facts = Awaited<ReturnType<typeof loadFacts>>;

/** The facts of events, where the path names one: a transform may have changed what they were read from. */
export async function factsFor(
  pool: Pool,
  path: string,
  page: readonly { team_id: string; id: string }[],
): Promise<Facts> {
  return path.startsWith("event.") ? loadFacts(pool, page) : new Map();
}

/** The request with what a transform changed. */
export async function asDelivered(
  pool: Pool,
  event: Omit<UnsortedEvent, "at">,
  request: StoredRequest,
  known: Facts,
): Promise<StoredRequest> {
  const { has_own_body, transformed } = event;
  const stored = { ...request, facts: factsOf(request, known.get(event.id)) };
  if (!has_own_body) {
    const body = stored.body ?? (await loadBody(pool, event.team_id, event.request_id));
    return { ...stored, ...transformed, body };
  }
  const body = (await loadTransformedBody(pool, event)) ?? Buffer.alloc(0);
  const headers = transformed?.headers ?? stored.headers;
  const contentType = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? null;
  return { ...stored, ...transformed, body, body_bytes: body.length, content_type: contentType };
}
