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

/** Whole days since an instant. */
export const daysSince = (iso: string, nowMs: number): number => Math.floor((nowMs - Date.parse(iso)) / 86_400_000);
