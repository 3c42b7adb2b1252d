// The difference of a number from the one before, in words. Pure.
import { formatDuration } from "#components/ui/format.ts";
import type { OverviewWindow } from "#server/contracts/overview.ts";

const BEFORE: Record<OverviewWindow, string> = {
  "24h": "than the day before",
  "7d": "than the week before",
  "30d": "than the 30 days before",
};

export interface Difference {
  /** With its sign and unit: "+6.2 %". */
  by: string;
  than: string;
}

/** Both signs are as wide as a digit; the minus is the real one. */
const signed = (value: number, text: string) => `${value < 0 ? "−" : "+"}${text}`;

/** In percent of what it was; undefined where there is nothing to compare with. */
export function differenceOfCount(now: number, before: number, window: OverviewWindow): Difference | undefined {
  if (before === 0) return undefined;
  const percent = ((now - before) / before) * 100;
  const text = Math.abs(percent) >= 100 ? Math.abs(percent).toFixed(0) : Math.abs(percent).toFixed(1);
  return { by: `${signed(percent, text)} %`, than: BEFORE[window] };
}

/** In points of a percentage. */
export function differenceOfShare(
  now: number | null,
  before: number | null,
  window: OverviewWindow,
): Difference | undefined {
  if (now === null || before === null) return undefined;
  const points = (now - before) * 100;
  return { by: signed(points, Math.abs(points).toFixed(1)), than: `points ${BEFORE[window]}` };
}

/** In time. */
export function differenceOfTime(
  nowMs: number | null,
  beforeMs: number | null,
  window: OverviewWindow,
): Difference | undefined {
  if (nowMs === null || beforeMs === null) return undefined;
  return { by: signed(nowMs - beforeMs, formatDuration(Math.abs(nowMs - beforeMs))), than: BEFORE[window] };
}
