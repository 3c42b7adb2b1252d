// The part of docs/benchmarks.md that a run writes; the rest of the page is written by hand.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Report, toCells } from "./report.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "benchmarks.md");
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

export async function writeBenchmarksPage(report: Report): Promise<void> {
  await writeFile(PAGE, replaceBetweenMarks(await readFile(PAGE, "utf8"), toMarkdown(report)));
}
