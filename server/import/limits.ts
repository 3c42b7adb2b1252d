// Times and rates of other systems, as a flow's file spells them.

/** Go's durations, such as `1m0s` or `1h30m`, in milliseconds; null for what is none. */
export function goDurationMs(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return null;
  const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return Math.round(parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0));
}

export const durationOf = (ms: number): string => `${Math.round(ms)}ms`;

const PERIODS: readonly (readonly [string, number])[] = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
];

/**
 * So many in so many seconds. Where no period here is as long, the same speed over the next longer one, or over an hour.
 * Null for what is no limit.
 */
export function rateOver(count: number, seconds: number): { rate: string; isExact: boolean } | null {
  if (!(count > 0) || !(seconds > 0)) return null;
  const [period, length] = PERIODS.find(([, each]) => each >= seconds) ?? (["hour", 3_600] as const);
  return {
    rate: `${Math.max(1, Math.floor((count * length) / seconds))}/${period}`,
    isExact: length === seconds,
  };
}
