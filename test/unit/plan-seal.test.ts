import { describe, expect, test } from "vitest";
import { makePlanSeals, PLAN_VALID_MS } from "#server/crypto/plan-seal.ts";

const seals = makePlanSeals("a secret of at least thirty-two characters");
const NOON = Date.UTC(2026, 4, 1, 12);

describe("the fingerprint of a plan", () => {
  const fingerprint = seals.make('["tm_a","replay"]', 12, NOON);

  test("says how much was planned, for a quarter of an hour", () => {
    expect(seals.check(fingerprint, '["tm_a","replay"]', NOON)).toEqual({ kind: "sealed", count: 12 });
    expect(seals.check(fingerprint, '["tm_a","replay"]', NOON + PLAN_VALID_MS)).toMatchObject({ kind: "sealed" });
    expect(seals.check(fingerprint, '["tm_a","replay"]', NOON + PLAN_VALID_MS + 1)).toEqual({ kind: "expired" });
  });

  test("is of no other plan, also where letters differ in their high bytes alone", () => {
    expect(seals.check(fingerprint, '["tm_b","replay"]', NOON)).toEqual({ kind: "other" });
    const polish = seals.make("ł", 1, NOON);
    expect(seals.check(polish, "B", NOON)).toEqual({ kind: "other" });
    expect(seals.check(polish, "ł", NOON)).toEqual({ kind: "sealed", count: 1 });
  });

  test("cannot be made to say more, later, or by another installation", () => {
    const [at, count, mac] = fingerprint.split("-");
    for (const forged of [`${at}-zz-${mac}`, `zzzzzzzz-${count}-${mac}`, `${at}-${count}-${"A".repeat(22)}`, "", "x"]) {
      expect(seals.check(forged, '["tm_a","replay"]', NOON)).toEqual({ kind: "other" });
    }
    const others = makePlanSeals("another secret of at least thirty-two characters");
    expect(others.check(fingerprint, '["tm_a","replay"]', NOON)).toEqual({ kind: "other" });
  });
});
