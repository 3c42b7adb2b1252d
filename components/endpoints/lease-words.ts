// The lease of an endpoint in words and numbers. Pure.
import { graceSeconds } from "#server/contracts/endpoint-lease.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const two = (n: number) => String(n).padStart(2, "0");

/** `1:06`, `28:50`, `17 h 04`, `12 d 03 h`: what is left of a lease, as a clock that runs down. */
export function leftWords(leftMs: number): string {
  const ms = Math.max(0, leftMs);
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}:${two(Math.floor((ms % MINUTE_MS) / SECOND_MS))}`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${two(Math.floor((ms % HOUR_MS) / MINUTE_MS))}`;
  return `${Math.floor(ms / DAY_MS)} d ${two(Math.floor((ms % DAY_MS) / HOUR_MS))} h`;
}

const UNITS: [unit: string, ms: number][] = [
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["min", MINUTE_MS],
  ["s", SECOND_MS],
];

/** `5 min`, `24 h`, `2 min 40 s`: a length in its two largest units. */
export function lengthWords(ms: number): string {
  const at = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [unit, unitMs] = UNITS[at] ?? ["s", SECOND_MS];
  const whole = Math.floor(ms / unitMs);
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((ms - whole * unitMs) / next[1]) : 0;
  return `${whole} ${unit}${next && rest > 0 ? ` ${rest} ${next[0]}` : ""}`;
}

/** The part of the lease that is left, of one. */
export const shareLeft = (leaseUntilMs: number, ttlSeconds: number, nowMs: number): number =>
  Math.min(1, Math.max(0, (leaseUntilMs - nowMs) / (ttlSeconds * SECOND_MS)));

/** Below a quarter of it a lease is soon over. */
export const isLow = (share: number): boolean => share < 0.25;

/** The middle of the times between renewals; null until there were two. */
export function usualGapMs(renewedAt: readonly string[]): number | null {
  const times = renewedAt.map((iso) => Date.parse(iso));
  const gaps = times
    .slice(1)
    .map((time, at) => time - (times[at] ?? 0))
    .sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? null;
}

interface Leased {
  ttl: number;
  renewed_at: readonly string[];
  waiting_count: number;
  removed_at: string | null;
}

const cancelled = (count: number) =>
  count === 0
    ? "nothing that waits is lost"
    : count === 1
      ? "1 event that waits is cancelled"
      : `${count} events that wait are cancelled`;

/** The rhythm of its renewals, and what becomes of it without the next one. */
export function leaseSentence({ ttl, renewed_at, waiting_count, removed_at }: Leased, nowMs: number): string {
  if (removed_at !== null) {
    const left = lengthWords(Math.max(SECOND_MS, Date.parse(removed_at) - nowMs));
    return `Its lease has run out and its events are held. It goes on when it renews; in ${left} it is removed, and ${cancelled(waiting_count)}.`;
  }
  const usual = usualGapMs(renewed_at);
  const last = renewed_at.at(-1);
  const lateMs = usual === null || last === undefined ? 0 : nowMs - Date.parse(last) - usual;
  const rhythm =
    usual === null
      ? ""
      : `It usually renews every ${lengthWords(Math.max(SECOND_MS, usual))}${lateMs >= SECOND_MS ? `; this one is ${lengthWords(lateMs)} late` : ""}. `;
  const grace = lengthWords(graceSeconds(ttl) * SECOND_MS);
  return `${rhythm}When it runs out, its events are held for ${grace}; then it is removed, and ${cancelled(waiting_count)}.`;
}

/** Renewals, the present and the end on one axis: from the first renewal that is kept, or the lease's beginning, to its end. */
export function leaseAxis(leaseUntilMs: number, ttl: number, renewedAt: readonly string[], nowMs: number) {
  const times = renewedAt.map((iso) => Date.parse(iso));
  const begunMs = leaseUntilMs - ttl * SECOND_MS;
  const fromMs = Math.min(begunMs, ...times);
  const span = Math.max(SECOND_MS, leaseUntilMs - fromMs);
  const place = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / span));
  return { renewals: times.map(place), begun: place(begunMs), now: place(nowMs), end: 1 };
}
