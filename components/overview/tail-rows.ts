// The rows of the live tail: those that the page came with, each as it was last heard of, and what came since. Pure.
import { rateMinutes } from "#components/live/live-state.ts";
import type { LiveEvent } from "#server/contracts/live.ts";
import type { LatestEvent } from "#server/contracts/overview.ts";

const TAIL_ROWS = 12;

export type TailRow = Pick<
  LatestEvent,
  | "id"
  | "source_id"
  | "destination_id"
  | "status"
  | "event_type"
  | "response_status"
  | "error_code"
  | "delivered_at"
  | "created_at"
>;

/** The newest, newest first. What was heard is later than what the page came with. */
export function tailRows(came: readonly TailRow[], heard: readonly LiveEvent[]): TailRow[] {
  const byId = new Map<string, TailRow>([...came, ...heard].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, TAIL_ROWS);
}

/** From when the request was accepted to when the event was delivered; null before. */
export const deliveredInMs = ({ created_at, delivered_at }: TailRow): number | null =>
  delivered_at === null ? null : Math.max(0, Date.parse(delivered_at) - Date.parse(created_at));

interface Rate {
  accepted_count: number;
}

/** Requests a minute, from the counts of the running minute and of the whole one before it. */
export function perMinute(rates: Readonly<Record<string, Rate>> | undefined, nowMs: number): number {
  const sum = Object.values(rates ?? {}).reduce((total, { accepted_count }) => total + accepted_count, 0);
  return Math.round(sum / rateMinutes(nowMs));
}
