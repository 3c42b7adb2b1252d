// The part of docs/benchmarks.md that a run writes; the rest of the page is written by hand.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toCharts, toSvg } from "./curves.ts";
import { type Report, toCells } from "./report.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "benchmarks.md");
const CURVES_DIR = join(PAGE, "..", "benchmarks");
const BEGIN = "<!-- begin: npm run bench -- --write -->";
const END = "<!-- end -->";

const toRow = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** The run as Markdown: a line on the machine, then a row for each figure. */
export function toMarkdown({ started_at, is_quick, machine, figures }: Report): string {
  const day = started_at.slice(0, 10);
  const [head = [], ...rows] = toCells(figures);
  return [
    `${is_quick ? "A quick run" : "A whole run"} on ${day}: ${machine.cpus} × ${machine.model}, Node ${machine.node}.`,
    "",
    toRow(head.map((cell) => cell || "met")),
    toRow(head.map(() => "---")),
    ...rows.map(toRow),
  ].join("\n");
}

/** `page` with `part` between its two marks. Throws when a mark is missing. */
export function replaceBetweenMarks(page: string, part: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/benchmarks.md lacks ${BEGIN} before ${END}.`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${part}\n\n${page.slice(end)}`;
}

/** The figures, and those that lie on curves as pictures beside the page. A run of curves alone leaves the figures of the last run. */
export async function writeBenchmarksPage(report: Report): Promise<void> {
  for (const [chart, lines] of toCharts(report.figures)) {
    await mkdir(CURVES_DIR, { recursive: true });
    await writeFile(join(CURVES_DIR, `growth-${chart}.svg`), toSvg(chart, lines));
  }
  if (report.figures.every(({ section }) => section === "growth")) return;
  await writeFile(PAGE, replaceBetweenMarks(await readFile(PAGE, "utf8"), toMarkdown(report)));
}
