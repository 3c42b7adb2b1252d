// The front of a line: what of it may go, and what everything behind has to wait for.
import type { CachedConnection } from "#server/config/config-cache.ts";
import type { OrderSettings } from "#server/contracts/ordering.ts";
import type { Pool } from "#server/database/db.ts";
import type { HeldLease } from "./held-lease.ts";
import { type DueLine, type LineEvent, passOver, releaseInOrder } from "./order-lines.sql.ts";

export interface FrontLane {
  pool: Pool;
  lease: Pick<HeldLease, "destinationId" | "token">;
  /** The settings of the destination as they are now. */
  settings: () => OrderSettings;
  connectionOf: (id: string) => CachedConnection | undefined;
}

/** Where the destination or a deleted connection says that nobody sees to a failed event, those behind it go on. */
export async function passOverFailed({ pool, lease, ...lane }: FrontLane, lines: DueLine[]): Promise<void> {
  const failed = lines.flatMap(({ events }) => events.filter(({ status }) => status === "FAILED"));
  const isSkipping = lane.settings().on_order_failure === "skip";
  const passed = failed.filter((event) => isSkipping || !lane.connectionOf(event.connection_id));
  if (passed.length === 0) return;
  await passOver(
    pool,
    lease,
    passed.map(({ id }) => id),
  );
  for (const event of passed) event.ended_because = "skipped_in_order";
  for (const line of lines) line.events = line.events.filter((event) => event.ended_because !== "skipped_in_order");
}

/** Puts back in line what waited behind others and has come to the front. */
export async function releaseHeld({ pool, lease }: FrontLane, lines: DueLine[], now: Date): Promise<Set<string>> {
  const held = lines.flatMap(({ events }) => firstSendable(events, now).filter(({ status }) => status === "HOLD"));
  return held.length === 0
    ? new Set()
    : releaseInOrder(
        pool,
        lease,
        held.map(({ id }) => id),
      );
}

/** The events at the front that may go now: up to the first that has to wait, and so makes all behind it wait. */
export function firstSendable(events: readonly LineEvent[], now: Date, released?: ReadonlySet<string>): LineEvent[] {
  const firstWaiting = events.findIndex((event) => !isSendable(event, now, released));
  return events.slice(0, firstWaiting === -1 ? events.length : firstWaiting);
}

function isSendable(event: LineEvent, now: Date, released?: ReadonlySet<string>): boolean {
  if (event.waits_for_routing || event.status === "FAILED") return false;
  if (event.status === "HOLD") return event.hold_reason === "waits_for_order" && (!released || released.has(event.id));
  return event.next_attempt_at !== null && event.next_attempt_at <= now;
}
