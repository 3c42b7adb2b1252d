import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesGlob } from "#server/rules/event-type-glob.ts";

test.each([
  ["payment.*", "payment.failed", true],
  ["payment.*", "payment.", true],
  ["payment.*", "payments.failed", false],
  ["payment.*", "payment.intent.failed", true],
  ["*", "", true],
  ["*.failed", "payment.failed", true],
  ["*.failed", "payment.failed.x", false],
  ["a*b*c", "aXbYbZc", true],
  ["a*b*c", "aXcYb", false],
  ["ab*ba", "aba", false],
  ["a**b", "ab", true],
  ["a.b", "axb", false],
  ["[a-z]?", "b", false],
  ["invoice.paid", "invoice.paid", true],
  ["invoice.paid", "invoice.paid2", false],
])("%s on %s is %j", (glob, eventType, expected) => {
  expect(matchesGlob(glob, eventType)).toBe(expected);
});

test("agrees with the regular expression of the same meaning", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 });
  const globs = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 6 });
  fc.assert(
    fc.property(globs, text, (glob, eventType) => {
      const pattern = glob.replaceAll(".", "\\.").replaceAll("*", ".*");
      expect(matchesGlob(glob, eventType)).toBe(new RegExp(`^${pattern}$`).test(eventType));
    }),
    { numRuns: 2000 },
  );
});

test("many stars take no time on a long event type", () => {
  expect(matchesGlob(`${"*a".repeat(127)}b`, "a".repeat(200_000))).toBe(false);
}, 2000);
