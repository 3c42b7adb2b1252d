// Figures, the bars they have to clear, and the table that shows both.
import type { Section } from "./options.ts";

export interface Bar {
  kind: "at least" | "at most" | "below";
  limit: number;
}

export type Chart = "stored" | "bodies";

export interface Figure {
  section: Section;
  name: string;
  value: number;
  /** `ratio` and `count` have no unit of their own. */
  unit: "ratio" | "count" | "ms" | "MiB" | "% of a core" | "per s" | "us" | "B";
  bar: Bar | null;
  /** Its place on a line of a chart, which --write draws. */
  point?: { chart: Chart; line: string; x: number };
  /** How the value came about: the rates behind a ratio, the rounds behind a median. */
  detail: string;
}

export interface Report {
  started_at: string;
  is_quick: boolean;
  machine: { cpus: number; model: string; node: string };
  figures: (Figure & { is_met: boolean | null })[];
}

/** Null where there is no bar. A value that could not be measured (NaN) meets none. */
export function meetsBar({ value, bar }: Pick<Figure, "value" | "bar">): boolean | null {
  if (bar === null) return null;
  if (bar.kind === "at least") return value >= bar.limit;
  return bar.kind === "at most" ? value <= bar.limit : value < bar.limit;
}

const SIGNS = { "at least": "≥", "at most": "≤", below: "<" };

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
const withUnit = (value: number, unit: Figure["unit"]) => {
  if (unit === "count") return value.toLocaleString("en");
  return unit === "ratio" ? value.toFixed(3) : `${formatNumber(value)} ${unit}`;
};

/** The table's cells, its head first. */
export function toCells(figures: readonly Figure[]): string[][] {
  const rows = figures.map((figure) => {
    const isMet = meetsBar(figure);
    return [
      figure.section,
      figure.name,
      withUnit(figure.value, figure.unit),
      figure.bar ? `${SIGNS[figure.bar.kind]} ${figure.bar.limit}` : "",
      isMet === null ? "" : isMet ? "pass" : "FAIL",
      figure.detail,
    ];
  });
  return [["section", "figure", "value", "bar", "", "detail"], ...rows];
}

/** The same in columns, for a terminal. */
export function formatTable(figures: readonly Figure[]): string {
  const all = toCells(figures);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const toLine = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return all.map(toLine).join("\n");
}

export const perSecond = (value: number) => `${formatNumber(value)}/s`;
export const listRounds = (values: readonly number[], digits = 2) =>
  `rounds ${values.map((value) => value.toFixed(digits)).join(" ")}`;
