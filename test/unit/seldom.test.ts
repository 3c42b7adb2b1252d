import { expect, test } from "vitest";
import { makeSeldom } from "#server/shares/seldom.ts";

test("the first is told at once, the next after ten seconds with the number of all between", () => {
  const tell = makeSeldom();
  expect(tell(0)).toBe(1);
  for (let ms = 1; ms < 10_000; ms++) expect(tell(ms)).toBeNull();
  expect(tell(10_000)).toBe(10_000);
  expect(tell(10_001)).toBeNull();
  expect(tell(99_000)).toBe(2);
});
