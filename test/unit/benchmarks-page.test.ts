import { expect, test } from "vitest";
import { replaceBetweenMarks, toMarkdown } from "#test/bench/benchmarks-page.ts";
import { toCharts, toSvg } from "#test/bench/curves.ts";
import type { Report } from "#test/bench/report.ts";

const report: Report = {
  started_at: "2026-11-25T22:00:00.000Z",
  is_quick: false,
  machine: { cpus: 2, model: "A | B", node: "v24.0.0" },
  figures: [
    {
      section: "door",
      name: "door / bare",
      value: 0.5,
      unit: "ratio",
      bar: { kind: "at least", limit: 0.55 },
      detail: "rounds 0.4 | 0.6",
      is_met: false,
    },
  ],
};

test("a run becomes a table in which no cell can end a column", () => {
  expect(toMarkdown(report).split("\n").slice(2)).toEqual([
    "| section | figure | value | bar | met | detail |",
    "| --- | --- | --- | --- | --- | --- |",
    "| door | door / bare | 0.500 | ≥ 0.55 | FAIL | rounds 0.4 \\| 0.6 |",
  ]);
});

test("figures that name a point become lines from what they are compared with, and words cannot end a tag", () => {
  const at = (line: string, x: number, value: number) => ({ value, point: { chart: "stored" as const, line, x } });
  const charts = toCharts([
    { value: 7 },
    at("throughput", 5e6, 0.9),
    at("a <b>", 1e6, 1.1),
    at("throughput", 1e6, 0.5),
  ]);
  const lines = charts.get("stored") ?? [];
  expect(lines[0]?.points).toEqual([
    { x: 0, y: 1 },
    { x: 5e6, y: 0.9 },
    { x: 1e6, y: 0.5 },
  ]);
  const svg = toSvg("stored", lines);
  expect(svg).toContain("a &lt;b&gt;");
  // From left to right, whatever order they were measured in: 0, 1 M and 5 M on a width of 358 behind 52.
  expect(svg).toMatch(/M52\.0 [\d.]+L123\.6 [\d.]+L410\.0 /);
});

test("a run replaces the last one and leaves the rest of the page", () => {
  const page = "before\n<!-- begin: npm run bench -- --write -->\nold\n<!-- end -->\nafter\n";
  const once = replaceBetweenMarks(page, "new");
  expect(once).toContain("before\n");
  expect(once).toContain("\nnew\n");
  expect(once).toContain("after\n");
  expect(once).not.toContain("old");
  expect(replaceBetweenMarks(once, "new")).toBe(once);
  expect(() => replaceBetweenMarks("no marks", "new")).toThrow("lacks");
});
