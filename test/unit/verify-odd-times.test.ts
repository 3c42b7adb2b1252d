// A time that is no plain integer proves nothing, also where its provider's own key has signed it.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProviderType } from "#server/contracts/provider.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { cases } from "#test/support/generation.ts";
import { NOW_S, type ProviderRow } from "#test/support/provider-rows/row.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import { authOf, sent } from "#test/support/provider-rows/sent.ts";
import { verify } from "#test/support/verify.ts";

const NOW = NOW_S * 1000;
const TIMED = Object.entries(ROWS)
  .filter(([, row]) => row.toleranceSeconds !== undefined)
  .map(([type, row]) => ({ type: type as ProviderType, row }));

const digits = String(NOW_S);
const inDigitsOf = (zero: number) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
/** Each is the time of the test to some reader of numbers. */
const oddTime = fc.oneof(
  fc.constantFrom("1.76e9", `0x${NOW_S.toString(16)}`, `0o${NOW_S.toString(8)}`, `"${digits}"`, `[${digits}]`),
  fc.constantFrom(0x660, 0x966, 0xff10, 0x1d7ce).map(inDigitsOf),
  fc
    .tuple(fc.constantFrom("+", "-", "0", "00", "\0", "_", "~"), fc.constantFrom("", ".0"))
    .map(([before, after]) => before + digits + after),
  fc.constantFrom("abc", ".", ".0", ".9", "e0", "n", "_", "\0", "/2", ",5", "\u0660").map((after) => digits + after),
  fc.integer({ min: 1, max: 9 }).map((at) => `${digits.slice(0, at)}_${digits.slice(at)}`),
);

/** The webhook with the time spelled so; null where the provider writes a date or other units, and none of it is odd. */
function signedAt(row: ProviderRow, time: string) {
  try {
    const one = sent(row, { seconds: time as unknown as number });
    return [...one.headers.flat(), one.body.toString(), ...one.urls].some((text) => text.includes(time)) ? one : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

test("a time that is no plain integer is refused, for every provider that signs one in seconds", () => {
  const spelled = new Set<string>();
  fc.assert(
    fc.property(oddTime, (time) => {
      for (const { type, row } of TIMED) {
        const one = signedAt(row, time);
        if (!one) continue;
        spelled.add(type);
        expect(verify(prepareAuth(type, authOf(row)), one, NOW).kind, `${type}: ${time}`).toBe("rejected");
      }
    }),
    cases(40),
  );
  expect(spelled.size).toBeGreaterThan(20);
});
