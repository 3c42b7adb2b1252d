// Two versions measured in turns: what is asked for, and what is made of their figures.
import { expect, test } from "vitest";
import { compare } from "#test/bench/against.ts";
import { OptionError, readOptions } from "#test/bench/options.ts";
import type { Figure } from "#test/bench/report.ts";

const figure = (value: number, name = "a figure"): Figure => ({
  ...{ section: "cost", name, value, unit: "ms", bar: null, detail: "" },
});

test("a figure is the median of the ratios of the rounds, each of one pair", () => {
  const rounds = [
    [10, 20],
    [30, 30],
    [12, 20],
  ].map(([ours = 0, theirs = 0]) => ({ ours: [figure(ours), figure(1, "new")], theirs: [figure(theirs)] }));
  const [known, unknown] = compare(rounds);
  expect(known).toMatchObject({ section: "cost", unit: "ratio", value: 0.6, bar: null });
  expect(known?.detail).toBe("12.00 ms against 20.00 ms; rounds 0.50 1.00 0.60");
  expect(unknown?.value).toBeNaN();
});

test("what is compared without a choice are the sections that say what the product costs", () => {
  expect(readOptions(["--against", "v1", "--rounds", "3"])).toMatchObject({
    ...{ sections: ["cost", "rates", "memory", "restart"], against: "v1", rounds: 3 },
  });
  expect(readOptions(["--against", "v1", "--only", "door"])?.sections).toEqual(["door"]);
  expect(readOptions([])?.sections).toContain("neighbour");
});

test.each(["0", "many", "100"])("--rounds %s is refused with a sentence", (rounds) => {
  expect(() => readOptions(["--rounds", rounds])).toThrow(OptionError);
});
