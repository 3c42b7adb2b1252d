import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDecimals, readDecimal } from "#server/json/decimal.ts";
import { ExactNumber, isHeldByDouble } from "#server/json/exact-number.ts";
import { parseJson } from "#server/json/parse.ts";
import { jsonText } from "#server/json/show.ts";
import { jsonEquals } from "#server/json/value.ts";

const equals = (a: string, b: string) => jsonEquals(parseJson(a), parseJson(b), { left: 1e6 });
function order(a: string, b: string): number {
  const [left, right] = [readDecimal(a), readDecimal(b)];
  if (!left || !right) throw new Error(`${a} or ${b} is no number.`);
  return Math.sign(compareDecimals(left, right));
}

/** Any number that JSON can say. */
const jsonNumber = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.stringMatching(/^(\.\d{1,25})?$/),
    fc.integer({ min: -600, max: 600 }),
    fc.boolean(),
  )
  .map(
    ([minus, whole, fraction, exponent, hasExponent]) =>
      `${minus ? "-" : ""}${whole}${fraction}${hasExponent ? `E${exponent}` : ""}`,
  );

describe("parsing JSON", () => {
  test("a number is ordinary exactly where its double is written with the same value", () => {
    const held = [
      "0",
      "-0",
      "10.00",
      "1E5",
      "0.1",
      "9007199254740992",
      "1e21",
      "123456789012345680000",
      "5e-324",
      "1.7976931348623157e308",
      "0e999999999999999999999",
    ];
    const exact = [
      "9007199254740993",
      "8202522731445525542",
      "0.10000000000000001",
      "1e400",
      "-1e400",
      "1e-400",
      "5e-325",
      "1e999999999",
    ];
    for (const text of held) expect([text, parseJson(`[${text}]`)]).toEqual([text, [Number(text)]]);
    for (const text of exact) expect([text, parseJson(`[${text}]`)]).toEqual([text, [new ExactNumber(text)]]);
  });

  test("whatever number is sent is written back with its value, and an exact one with its very digits", () => {
    fc.assert(
      fc.property(jsonNumber, (text) => {
        const value = parseJson(text);
        const written = JSON.stringify(value);
        expect(order(written, text)).toBe(0);
        expect(typeof value === "number").toBe(isHeldByDouble(text));
        if (typeof value !== "number") expect(written).toBe(text);
      }),
    );
  });

  test("a text without such numbers gives what JSON.parse gives, one with them the same with digits", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
        expect(JSON.stringify(parseJson(`{"n":1e400,"v":${text}}`))).toBe(
          JSON.stringify({ n: JSON.rawJSON?.("1e400"), v: JSON.parse(text) }),
        );
      }),
    );
  });

  test("strings, keys and __proto__ stay what they are", () => {
    const text =
      '{"8202522731445525542":"8202522731445525542","a\\"1e400":"\\\\","__proto__":1e400,"b":{"__proto__":[1e-400]}}';
    const value = parseJson(text);
    expect(JSON.stringify(value)).toBe(text);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("what is no JSON is refused with the place in the text as it came", () => {
    for (const text of [
      "{12345678901234567890:1}",
      "[012345678901234567890]",
      "[1e400,]",
      "1e400 1e400",
      "[1.e400]",
      "[12345678901234567890 : 1]",
      '{"a":1e}',
      "-",
      "[1e400",
    ]) {
      const native = () => JSON.parse(text);
      expect([text, messageOf(() => parseJson(text))]).toEqual([text, messageOf(native)]);
    }
  });

  test("hostile numbers and nesting cost linear time", () => {
    const long = "9".repeat(1_000_000);
    for (const text of [
      long,
      `1e${long}`,
      `0.${"0".repeat(1_000_000)}1`,
      `1${"0".repeat(1_000_000)}`,
      `1${"01".repeat(500_000)}`,
    ]) {
      const value = parseJson(`[${text},"${"\\\\".repeat(1_000_000)}"]`);
      expect(jsonEquals(value, parseJson(`[${text},"${"\\\\".repeat(1_000_000)}"]`), { left: 10 })).toBe(true);
    }
    expect(() => parseJson(`${"[".repeat(50_000)}1e400${"]".repeat(50_000)}`)).not.toThrow();
  });
});

describe("comparing numbers", () => {
  test("equality is that of the value", () => {
    expect(equals("1e400", "10E399")).toBe(true);
    expect(equals("9007199254740993", "9007199254740993.000")).toBe(true);
    expect(equals("9007199254740993", "9007199254740992")).toBe(false);
    expect(equals("1e400", "-1e400")).toBe(false);
    expect(equals("1e-400", "0")).toBe(false);
    expect(equals('"9007199254740993"', "9007199254740993")).toBe(false);
    expect(equals('[{"a":1e400}]', '[{"a":1e400}]')).toBe(true);
  });

  test("order is that of the value, whatever the size of the exponent", () => {
    const ascending = [
      "-1e999999999999999999",
      "-1e400",
      "-9007199254740993",
      "-1",
      "-1e-400",
      "0",
      "1e-999999999",
      "1e-400",
      "0.1",
      "0.10000000000000001",
      "1",
      "9007199254740992",
      "9007199254740993",
      "1e400",
      "2e400",
      "1e401",
      "1e999999999",
      "1e9999999999999999999",
      `1e${"9".repeat(2000)}`,
    ];
    for (const [i, a] of ascending.entries())
      for (const [j, b] of ascending.entries()) expect([a, b, order(a, b)]).toEqual([a, b, Math.sign(i - j)]);
  });

  test("order agrees with arithmetic on whole numbers and on doubles", () => {
    const agrees = <T extends bigint | number>(arbitrary: fc.Arbitrary<T>) =>
      fc.assert(
        fc.property(arbitrary, arbitrary, (a, b) => order(String(a), String(b)) === Number(a > b) - Number(a < b)),
      );
    agrees(fc.bigInt());
    agrees(fc.double({ noNaN: true, noDefaultInfinity: true }));
  });
});

test("a text for a reader holds the digits", () => {
  expect(jsonText(parseJson('{"id":8202522731445525542}'), 100)).toBe('{"id":8202522731445525542}');
  expect(String(parseJson("1E400"))).toBe("1E400");
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return "no error";
  } catch (error) {
    return String(error);
  }
}
