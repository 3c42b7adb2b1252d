import { expect, test } from "vitest";
import { findNamed } from "#components/frame/found-resources.ts";

const row = (id: string, name: string) => ({ id, name });

test("a resource is found by words of its name in any order, by its id, and no more than a screen shows", () => {
  const rows = [row("web_01", "Stripe orders"), row("web_02", "stripe ledger"), row("web_03", "shopify")];
  expect(findNamed(rows, "ORDERS stri").map(({ id }) => id)).toEqual(["web_01"]);
  expect(findNamed(rows, "stripe").map(({ id }) => id)).toEqual(["web_01", "web_02"]);
  expect(findNamed(rows, "WEB_03").map(({ id }) => id)).toEqual(["web_03"]);
  expect(findNamed(rows, "paypal")).toEqual([]);
  const many = Array.from({ length: 500 }, (_, n) => row(`web_${n}`, "stripe"));
  expect(findNamed(many, "stripe").length).toBeLessThan(20);
});
