// The pace of a destination in words. Pure.
import { counted } from "#components/graph-drawer/affected.ts";
import { formatCount, formatDuration } from "#components/ui/format.ts";

const PERIOD_MS: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000 };

interface Pace {
  rateLimit: number | null;
  period: string;
  concurrency: number;
  /** How many connections share it. */
  sharers: number;
}

/** "at most 120 a minute, shared by 3 connections, and never more than 5 at once" */
export function limitWords({ rateLimit, period, concurrency, sharers }: Pace): string {
  const shared = sharers > 1 ? `, shared by ${counted(sharers, "connection")}` : "";
  const rate =
    rateLimit === null ? `As fast as it answers${shared}` : `At most ${formatCount(rateLimit)} a ${period}${shared}`;
  return `${rate}, and never more than ${formatCount(concurrency)} at once.`;
}

/** Which of the two limits is met first, by how long an answer takes; undefined where nothing is known of that. */
export function bindingWords({ rateLimit, period, concurrency }: Pace, latencyMs: number | null): string | undefined {
  if (latencyMs === null || latencyMs <= 0) return undefined;
  const periodMs = PERIOD_MS[period] ?? 60_000;
  const byConcurrency = Math.floor((concurrency * periodMs) / latencyMs);
  const allows = `${formatCount(concurrency)} at once and ${formatDuration(latencyMs)} each would allow ${formatCount(byConcurrency)} a ${period}`;
  if (rateLimit === null) return `${allows}.`;
  return `${allows}: the ${byConcurrency < rateLimit ? "concurrency" : "rate"} binds first.`;
}

export interface Share {
  name: string;
  perPeriod: number;
}

/** What each connection takes of a limit now, and what is free; rates are by the minute. */
export function sharesOf(limit: number, period: string, branches: readonly { name: string; perMinute: number }[]) {
  const perPeriod = (perMinute: number) => (perMinute * (PERIOD_MS[period] ?? 60_000)) / 60_000;
  const shares = branches
    .map(({ name, perMinute }): Share => ({ name, perPeriod: Math.round(perPeriod(perMinute)) }))
    .filter((share) => share.perPeriod > 0)
    .sort((a, b) => b.perPeriod - a.perPeriod);
  const used = shares.reduce((sum, share) => sum + share.perPeriod, 0);
  return { shares, used, free: Math.max(0, limit - used) };
}
