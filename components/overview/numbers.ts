// The four numbers, for the view that the browser draws and for the skeleton that the server draws.
import { formatCount, formatDuration, formatShare } from "#components/ui/format.ts";
import type { OverviewCounts, OverviewWindow } from "#server/contracts/overview.ts";
import { type Difference, differenceOfCount, differenceOfShare, differenceOfTime } from "./compare.ts";

interface KeyNumber {
  label: string;
  colour: string;
  measure: "accepted_count" | "delivered_count" | "success_rate" | "latency_p95";
  format: (value: number | null) => string;
  differ: (now: OverviewCounts, before: OverviewCounts, window: OverviewWindow) => Difference | undefined;
}

const count = (value: number | null) => formatCount(value ?? 0);

export const KEY_NUMBERS: readonly KeyNumber[] = [
  {
    label: "Accepted",
    colour: "text-muted",
    measure: "accepted_count",
    format: count,
    differ: (now, before, window) => differenceOfCount(now.accepted_count, before.accepted_count, window),
  },
  {
    label: "Delivered",
    colour: "text-delivered-solid",
    measure: "delivered_count",
    format: count,
    differ: (now, before, window) => differenceOfCount(now.delivered_count, before.delivered_count, window),
  },
  {
    label: "Success rate",
    colour: "text-delivered-solid",
    measure: "success_rate",
    format: formatShare,
    differ: (now, before, window) => differenceOfShare(now.success_rate, before.success_rate, window),
  },
  {
    label: "Latency p95",
    colour: "text-muted",
    measure: "latency_p95",
    format: formatDuration,
    differ: (now, before, window) => differenceOfTime(now.latency_p95, before.latency_p95, window),
  },
];

export const keyNumbersGrid =
  "grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4";
export const keyNumberCard = "flex min-w-0 flex-col bg-surface px-4 pt-3 max-md:px-3 max-md:pt-2.5";
