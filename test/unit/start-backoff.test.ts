import { expect, test } from "vitest";
import { nextBackoff } from "#server/start/supervise.ts";

test("a role that keeps dying waits twice as long each time, from 200 ms to 10 s", () => {
  const waits: number[] = [];
  for (let wait: number | undefined; waits.length < 8; waits.push(wait)) wait = nextBackoff(wait, 50);
  expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test("a role that lived for 30 s starts over with the shortest wait", () => {
  expect(nextBackoff(10_000, 30_000)).toBe(200);
  expect(nextBackoff(10_000, 29_999)).toBe(10_000);
});
