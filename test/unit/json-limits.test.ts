import fc from "fast-check";
import { expect, test } from "vitest";
import { passedLimit } from "#server/contracts/json-limits.ts";

/** The values of a document: members, elements, lists, objects and scalars. */
function sizeOf(value: unknown): { values: number; depth: number } {
  if (typeof value !== "object" || value === null) return { values: 1, depth: 0 };
  const inner = Object.values(value).map(sizeOf);
  return {
    values: inner.reduce((sum, { values }) => sum + values, 1),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
  };
}

test("no document that is within the limits is refused, and none far beyond passes", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const { values, depth } = sizeOf(JSON.parse(text));
      const counted = { values: values - 1, depth };
      expect(passedLimit(Buffer.from(text), counted)).toBe(passedLimit(text, counted));
      expect(passedLimit(text, { values: values * 2 + 1, depth })).toBeNull();
      if (depth > 0) expect(passedLimit(text, { values: values * 2 + 1, depth: depth - 1 })).toBe("depth");
      if (values > 2) expect(passedLimit(text, { values: values - 2, depth })).not.toBeNull();
    }),
  );
});

test("what stands in strings does not count, whatever is escaped in it", () => {
  const limits = { values: 3, depth: 1 };
  expect(passedLimit(JSON.stringify({ a: '[[[{{,,,"\\' }), limits)).toBeNull();
  expect(passedLimit('{"a":"\\\\","b":[1]}', limits)).toBe("depth");
  expect(passedLimit('{"a":"unended [,,,,', limits)).toBeNull();
});

test("a hostile text costs its length at most, and a deep one little", () => {
  const started = performance.now();
  expect(passedLimit("[".repeat(2 ** 21), { values: 10_000, depth: 100 })).toBe("depth");
  expect(passedLimit(`"${'\\"'.repeat(2 ** 20)}"`, { values: 10_000, depth: 100 })).toBeNull();
  expect(passedLimit(`"${"\\".repeat(2 ** 21)}"`, { values: 10_000, depth: 100 })).toBeNull();
  expect(performance.now() - started).toBeLessThan(500);
});
