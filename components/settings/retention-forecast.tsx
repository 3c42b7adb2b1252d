import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";
import type { Retention, StoredDay } from "#server/contracts/retention.ts";
import { bytesAfter } from "#server/contracts/retention-forecast.ts";
import { days, formatSize } from "./stored-words.ts";

const AHEAD_DAYS = 30;
const POINTS = Array.from({ length: AHEAD_DAYS + 1 }, (_, day) => day);
const DAY_MS = 86_400_000;
/** Units of the drawing; it is stretched to the width that there is. Now is in its middle. */
const [WIDTH, HEIGHT] = [2 * AHEAD_DAYS, 100];

interface RetentionForecastProps {
  retention: Retention;
  /** When the page was made. */
  nowMs: number;
  /** A time that is thought of; undefined: none. */
  plannedDays: number | undefined;
}

/** What is kept now, by the day on which it came, and the next 30 days of it, as it is and with another time. */
export function RetentionForecast({ retention, nowMs, plannedDays }: RetentionForecastProps) {
  const { stored, oldest_at, by_day } = retention;
  const kept = {
    bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0),
    bytesPerDay: stored.reduce((sum, one) => sum + one.last_day_bytes, 0),
    ageDays: oldest_at === null ? 0 : Math.max(0, nowMs - Date.parse(oldest_at)) / DAY_MS,
  };
  const asItIs = POINTS.map((day) => bytesAfter(kept, retention.days, day));
  const planned = plannedDays === undefined ? [] : POINTS.map((day) => bytesAfter(kept, plannedDays, day));
  const came = POINTS.map((day) => bytesUntil(by_day, nowMs - (AHEAD_DAYS - day) * DAY_MS, nowMs));
  const most = Math.max(...asItIs, ...planned, ...came, 1);
  const line = (values: readonly number[], fromDay: number) =>
    values.map((bytes, day) => `${fromDay + day},${(HEIGHT - (bytes / most) * (HEIGHT - 6)).toFixed(2)}`).join(" ");
  const last = (values: readonly number[]) => formatSize(values.at(-1) ?? 0);
  return (
    <figure className="mb-3 rounded-lg border border-line bg-surface px-4 pt-3 pb-2 text-xs">
      <figcaption className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-muted">
        <Legend look="border-ink-2">
          {days(retention.days)}, as it is: <b className="font-medium text-ink">{last(asItIs)}</b> in 30 days
        </Legend>
        {plannedDays === undefined ? null : (
          <Legend look="border-accent-solid">
            {days(plannedDays)}: <b className="font-medium text-ink">{last(planned)}</b> in 30 days
          </Legend>
        )}
        <span className="ml-auto text-faint max-md:hidden">
          until now: what is kept, by the day it came; then: if the traffic of the last 24 h goes on
        </span>
      </figcaption>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        width="100%"
        height="96"
        className="block overflow-visible border-line border-b [&_*]:[vector-effect:non-scaling-stroke]"
      >
        <polygon points={`0,${HEIGHT} ${line(came, 0)} ${AHEAD_DAYS},${HEIGHT}`} className="fill-muted opacity-10" />
        <polyline points={line(came, 0)} className="fill-none stroke-ink-2 [stroke-width:1.5]" />
        <line x1={AHEAD_DAYS} x2={AHEAD_DAYS} y1="0" y2={HEIGHT} className="stroke-accent-solid" />
        <polyline points={line(asItIs, AHEAD_DAYS)} className={cn(stroke, "stroke-ink-2")} />
        {planned.length > 0 ? (
          <polyline points={line(planned, AHEAD_DAYS)} className={cn(stroke, "stroke-accent-solid")} />
        ) : null}
      </svg>
      <div aria-hidden="true" className="mt-1 flex justify-between text-2xs text-faint">
        <span>30 d ago</span>
        <span>now</span>
        <span>in 30 d</span>
      </div>
    </figure>
  );
}

/** What is kept of the days before an instant; of its own day, its share. */
function bytesUntil(days: readonly StoredDay[], untilMs: number, nowMs: number): number {
  const shareOf = (fromMs: number) => (untilMs - fromMs) / Math.min(DAY_MS, Math.max(1, nowMs - fromMs));
  return days.reduce((sum, { date, bytes }) => sum + bytes * Math.min(1, Math.max(0, shareOf(Date.parse(date)))), 0);
}

const stroke = "fill-none [stroke-dasharray:4_3] [stroke-width:1.5]";

const Legend = ({ look, children }: { look: string; children: ReactNode }) => (
  <span className="flex items-center gap-1.5">
    <span aria-hidden="true" className={cn("w-5 border-t-[1.5px] border-dashed", look)} />
    <span>{children}</span>
  </span>
);
