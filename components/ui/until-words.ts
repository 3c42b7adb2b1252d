// The end of something in words that a person reads at a glance. Local times: they are for whoever looks now.

const STEPS: [unit: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
];

/** `in 61 d`, `in 4 h`, `in under a minute`; `ended` when it is over. */
export function timeUntil(iso: string, nowMs: number): string {
  const ms = Date.parse(iso) - nowMs;
  if (ms <= 0) return "ended";
  for (const [unit, unitMs] of STEPS) if (ms >= unitMs) return `in ${Math.floor(ms / unitMs)} ${unit}`;
  return "in under a minute";
}

const WEEK_MS = 6 * 86_400_000;

/** `14:30`, `Fri 08:00`, `24 Dec 08:00`: as much of the day as is needed to tell it from today. */
export function clockWords(atMs: number, nowMs: number, timeZone?: string): string {
  const words = (options: Intl.DateTimeFormatOptions, ms = atMs) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(ms);
  const time = words({ hour: "2-digit", minute: "2-digit" });
  const day = { day: "numeric", month: "short", year: "numeric" } as const;
  if (words(day) === words(day, nowMs)) return time;
  const isSoon = atMs > nowMs && atMs - nowMs < WEEK_MS;
  return `${words(isSoon ? { weekday: "short" } : { day: "numeric", month: "short" })} ${time}`;
}
