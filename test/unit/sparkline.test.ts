import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Sparkline } from "#components/data/sparkline.tsx";

function pointsOf(values: (number | null)[]): number[][] {
  const [, points = ""] =
    /<polyline points="([^"]*)"/.exec(renderToStaticMarkup(createElement(Sparkline, { values, colour: "" }))) ?? [];
  return points === "" ? [] : points.split(" ").map((point) => point.split(",").map(Number));
}

test("a line has a point for each value that is known, from zero at the bottom to the highest at the top", () => {
  expect(pointsOf([0, null, 2, 4])).toEqual([
    [0, 23],
    [66.7, 12],
    [100, 1],
  ]);
  expect(pointsOf([null, null])).toEqual([]);
});

test.each([
  { at: 0, from: 25, to: 0 },
  { at: 2, from: 25, to: 50 },
  { at: 4, from: 75, to: 100 },
])("a single value, at place $at, is a level line over one step", ({ at, from, to }) => {
  const points = pointsOf(Array.from({ length: 5 }, (_, i) => (i === at ? 7 : null)));
  expect(points.toSorted(([a = 0], [b = 0]) => a - b)).toEqual([
    [Math.min(from, to), 1],
    [Math.max(from, to), 1],
  ]);
});
