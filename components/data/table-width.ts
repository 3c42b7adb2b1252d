// The width below which a table scrolls sideways within itself.
import type { Column } from "./table-rows.tsx";

/** The policy takes no style from the server, so these are words of the style sheet, for every 100 px. */
const CLASSES = [
  "md:min-w-[800px]",
  "md:min-w-[900px]",
  "md:min-w-[1000px]",
  "md:min-w-[1100px]",
  "md:min-w-[1200px]",
  "md:min-w-[1300px]",
  "md:min-w-[1400px]",
  "md:min-w-[1500px]",
  "md:min-w-[1600px]",
  "md:min-w-[1700px]",
];
const BOX_PX = 34;
/** For a column that takes what is left. */
const REST_PX = 130;
/** What a list usually needs fits beside its panel, a little tighter. */
const USUAL_PX = 700;

/** The class that leaves each column enough to be read. */
export function minWidth(columns: readonly Pick<Column<never>, "width">[]): string | undefined {
  const shares = columns.map(({ width }) => (typeof width === "string" ? Number.parseInt(width, 10) / 100 : 0));
  const px = columns.map(({ width }) => (width === undefined ? REST_PX : typeof width === "number" ? width : 0));
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const needed = (BOX_PX + sum(px)) / (1 - sum(shares));
  if (needed <= USUAL_PX) return "md:min-w-[600px]";
  return CLASSES[Math.min(Math.max(Math.ceil(needed / 100) - 8, 0), CLASSES.length - 1)];
}
