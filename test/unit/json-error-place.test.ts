import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonMistake } from "#server/json/error-place.ts";

test.each([
  ['{"a":1', 1, 7, "ends before"],
  ['{"a":1}{"a":2}', 1, 8, "second document"],
  ['{"a":1}\n{"a":2}', 2, 1, "second document"],
  ["{'a':1}", 1, 2, "double quotes"],
  ['{"a" 1}', 1, 6, "colon"],
  ['{"a":1,}', 1, 8, "double quotes"],
  ["[1 2]", 1, 4, "comma or ]"],
  ['{\n  "a": x\n}', 2, 8, "value should stand"],
  ['["abc]', 1, 2, "does not end"],
  ["<xml/>", 1, 1, "value should stand"],
  ["", 1, 1, "ends before"],
  ["[01]", 1, 3, "comma or ]"],
])("%j is wrong at line %i, column %i", (text, line, column, problem) => {
  expect(jsonMistake(text)).toEqual({ line, column, problem: expect.stringContaining(problem) });
});

test("it agrees with the parser on what is JSON", () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", '"', "}", "]", ":", "0", "\\", "e", "-", " ", "\n"))
    .map(([text, at, sign]) => text.slice(0, at % (text.length + 1)) + sign + text.slice((at % (text.length + 1)) + 1));
  fc.assert(
    fc.property(fc.oneof(fc.json(), damaged, fc.string()), (text) => {
      expect(jsonMistake(text) === null).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

test("a hostile text costs its length", () => {
  const started = performance.now();
  expect(jsonMistake("[".repeat(250_000))?.problem).toContain("ends before");
  expect(jsonMistake(`"${"a".repeat(250_000)}`)?.problem).toContain("does not end");
  expect(performance.now() - started).toBeLessThan(500);
});
