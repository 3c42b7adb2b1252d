"use client";

import { CartesianGrid, Line, ComposedChart as Lines, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Zone } from "#components/data/time-range.ts";
import { AXIS_TEXT, GRID, MARGIN, tickWords } from "./axis.tsx";
import { type LineRow, tickPlaces } from "./series.ts";

export interface ChartLine {
  key: string;
  word: string;
  /** What it is over the whole span, for the legend. */
  inAll?: string;
  stroke: string;
  isDashed?: boolean;
  /** Measured on an axis of its own, at the right. */
  isRight?: boolean;
}

export interface LineChartProps {
  rows: readonly LineRow[];
  lines: readonly ChartLine[];
  zone: Zone;
  format: (value: number) => string;
  formatRight?: (value: number) => string;
  /** The lower end of the left axis. */
  from?: number | "auto";
  to?: number | "auto";
}

/** Measures over time as lines; the table beside it says the same. */
export function LineChart({ rows, lines, zone, format, formatRight, from = 0, to = "auto" }: LineChartProps) {
  const spanMs = (rows.at(-1)?.fromMs ?? 0) - (rows[0]?.fromMs ?? 0);
  const words = tickWords(zone, spanMs);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Lines data={[...rows]} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid {...GRID} />
        <XAxis
          dataKey="fromMs"
          ticks={tickPlaces(
            rows.map(({ fromMs }) => fromMs),
            4,
          )}
          tickFormatter={words}
          tick={AXIS_TEXT}
          tickLine={false}
          axisLine={false}
          interval={0}
          height={20}
        />
        <YAxis
          yAxisId="left"
          width={54}
          tick={AXIS_TEXT}
          tickLine={false}
          axisLine={false}
          tickFormatter={format}
          tickCount={3}
          domain={[from, to]}
        />
        {formatRight ? (
          <YAxis
            yAxisId="right"
            orientation="right"
            width={48}
            tick={{ ...AXIS_TEXT, fill: "var(--hold)" }}
            tickLine={false}
            axisLine={false}
            tickFormatter={formatRight}
            tickCount={3}
          />
        ) : null}
        <Tooltip
          isAnimationActive={false}
          content={({ active, payload, label }) =>
            active && payload?.length ? (
              <div className="rounded-md border border-line bg-float px-3 py-2 text-xs shadow-menu">
                <p className="font-semibold">{words(Number(label))}</p>
                {lines.map(({ key, word, isRight }) => {
                  const value = (payload[0]?.payload as LineRow | undefined)?.[key];
                  const write = isRight && formatRight ? formatRight : format;
                  return (
                    <p key={key} className="flex justify-between gap-6">
                      <span className="text-muted">{word}</span>
                      {value === null || value === undefined ? "–" : write(value)}
                    </p>
                  );
                })}
              </div>
            ) : null
          }
        />
        {lines.map(({ key, stroke, isDashed, isRight }) => (
          <Line
            key={key}
            yAxisId={isRight ? "right" : "left"}
            dataKey={key}
            stroke={stroke}
            strokeWidth={1.5}
            {...(isDashed ? { strokeDasharray: "3 3" } : {})}
            dot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </Lines>
    </ResponsiveContainer>
  );
}
