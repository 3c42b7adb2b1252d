// What cannot be read is never shown as if it had been taken out.
import { expect, test } from "vitest";
import { whyNotCompared } from "#components/payload/compared.ts";

test.each([
  ["erased", "erased", "The bodies were erased."],
  ["text", "withheld", /withheld until its masks are applied/],
  ["text", "binary", "At least one of them is no text."],
  ["binary", "too_large", /Download both/],
] as const)("a body that is %s and one that is %s are not compared", (before, after, reason) => {
  expect(whyNotCompared([{ kind: before }, { kind: after }])).toMatch(reason);
});

test("texts, fields of forms and no body at all are compared", () => {
  expect(whyNotCompared([{ kind: "form" }, { kind: "text" }])).toBeUndefined();
  expect(whyNotCompared([{ kind: "text" }, { kind: "empty" }])).toBeUndefined();
});
