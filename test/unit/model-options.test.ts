// `npm run model` makes no run of nothing: that would agree with any product.
import { expect, test } from "vitest";
import { readOptions } from "#test/model/options.ts";

test("options are numbers, and the seed is the given one", () => {
  expect(readOptions([], () => 0.5)).toEqual({ minutes: 5, seed: 5e8, commands: 60 });
  expect(readOptions(["--seed", "7", "--minutes", "0", "--commands", "1"], () => 0.5)).toEqual({
    ...{ minutes: 0, seed: 7, commands: 1 },
  });
});

test.each([
  ["--commands", "0"],
  ["--commands", "many"],
  ["--commands", ""],
  ["--minutes", "x"],
  ["--seed", "1.5"],
])("%s %s is refused with a sentence", (...args) => {
  expect(() => readOptions(args, () => 0)).toThrow(`${args[0]} must be`);
});
