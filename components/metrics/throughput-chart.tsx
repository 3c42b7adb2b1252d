"use client";

import { useState } from "react";
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  type MouseHandlerDataParam,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { Span, Zone } from "#components/data/time-range.ts";
import { AXIS_TEXT, GRID, MARGIN, shortCount, tickWords } from "./axis.tsx";
import { BucketTip } from "./bucket-tip.tsx";
import { STACK, type StackRow, tickPlaces } from "./series.ts";

export interface ThroughputChartProps {
  rows: readonly StackRow[];
  zone: Zone;
  labels: number;
  /** A press opens the list of a bucket; a drag over several narrows the charts to them. */
  onOpen: (span: Span) => void;
  onNarrow: (span: Span) => void;
}

const indexOf = ({ activeTooltipIndex }: MouseHandlerDataParam) =>
  activeTooltipIndex === undefined || activeTooltipIndex === null ? Number.NaN : Number(activeTooltipIndex);

/** Events by what became of them, stacked. People who do not use a pointer have the table below it. */
export function ThroughputChart({ rows, zone, labels, onOpen, onNarrow }: ThroughputChartProps) {
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const spanMs = (rows.at(-1)?.toMs ?? 0) - (rows[0]?.fromMs ?? 0);
  const [low, high] = drag ? [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] : [0, 0];
  const release = () => {
    const [first, last] = [rows[low], rows[high]];
    setDrag(undefined);
    if (!drag || !first || !last) return;
    const span = { fromMs: first.fromMs, toMs: last.toMs };
    if (low === high) onOpen(span);
    else onNarrow(span);
  };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={[...rows]}
        margin={MARGIN}
        barCategoryGap={1}
        accessibilityLayer={false}
        className="cursor-pointer select-none"
        onMouseDown={(state) => {
          const at = indexOf(state);
          if (!Number.isNaN(at)) setDrag({ from: at, to: at });
        }}
        onMouseMove={(state) => {
          const at = indexOf(state);
          if (drag && !Number.isNaN(at) && at !== drag.to) setDrag({ ...drag, to: at });
        }}
        onMouseUp={release}
        onMouseLeave={() => setDrag(undefined)}
      >
        <CartesianGrid {...GRID} />
        <XAxis
          dataKey="fromMs"
          ticks={tickPlaces(
            rows.map(({ fromMs }) => fromMs),
            labels,
          )}
          tickFormatter={tickWords(zone, spanMs)}
          tick={AXIS_TEXT}
          tickLine={false}
          axisLine={false}
          interval={0}
          height={20}
        />
        <YAxis
          width={38}
          tick={AXIS_TEXT}
          tickLine={false}
          axisLine={false}
          tickFormatter={shortCount}
          allowDecimals={false}
        />
        {drag ? null : (
          <Tooltip
            cursor={{ fill: "var(--accent-solid)", fillOpacity: 0.12 }}
            isAnimationActive={false}
            content={({ active, payload }) =>
              active && payload?.[0] ? <BucketTip row={payload[0].payload as StackRow} zone={zone} /> : null
            }
          />
        )}
        {STACK.map(({ key, fill }) => (
          <Bar key={key} dataKey={key} stackId="states" fill={fill} isAnimationActive={false} />
        ))}
        <Line
          dataKey="before"
          stroke="var(--muted)"
          strokeDasharray="3 3"
          strokeWidth={1.5}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        {drag && low !== high ? (
          <ReferenceArea
            x1={rows[low]?.fromMs ?? 0}
            x2={rows[high]?.fromMs ?? 0}
            fill="var(--accent-solid)"
            fillOpacity={0.12}
            stroke="var(--accent-solid)"
          />
        ) : null}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
