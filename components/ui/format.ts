// Numbers and times as text, the same on the server and in every browser.

const whole = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const LONGEST_WRITTEN_OUT = 10_000_000;

/** `1,234,567`; from ten million on `12.3M`. */
export const formatCount = (count: number) => (count < LONGEST_WRITTEN_OUT ? whole : short).format(count);

/** A share of one as `98.2 %`. Rounded down: nothing less than everything reads 100 %. */
export const formatShare = (share: number | null) => (share === null ? "–" : `${Math.floor(share * 1000) / 10} %`);

/** Milliseconds as `0.8 ms`, `12 ms` or `1.24 s`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 1 : 2)} s`;
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}

const STEPS: [unit: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** How long before `nowIso` the time `iso` was: `just now`, `12 s ago`, `3 min ago`. */
export function formatAgo(iso: string, nowIso: string): string {
  const ms = Date.parse(nowIso) - Date.parse(iso);
  for (const [unit, unitMs] of STEPS) {
    if (ms >= unitMs) return `${Math.floor(ms / unitMs)} ${unit} ago`;
  }
  return "just now";
}

/** `2026-05-29 14:03:07.120 UTC` */
export const formatExact = (iso: string) => iso.replace("T", " ").replace("Z", " UTC");
