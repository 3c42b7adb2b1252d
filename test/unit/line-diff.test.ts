import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines, pairRows } from "#components/data/line-diff.ts";

const marks = (before: string, after: string) =>
  diffLines([...before], [...after]).map(({ kind, text }) => ({ same: " ", del: "-", add: "+" })[kind] + text);

const lines = fc.array(fc.constantFrom("a", "b", "c", "{", "}"), { maxLength: 30 });

describe("a diff of lines", () => {
  test("keeps what is common and marks the rest", () => {
    expect(marks("abcdx", "acyd")).toEqual([" a", "-b", " c", "+y", " d", "-x"]);
    expect(marks("", "ab")).toEqual(["+a", "+b"]);
    expect(marks("ab", "ab")).toEqual([" a", " b"]);
  });

  test("read without what came it is the first text, without what went the second, with their line numbers", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const rows = diffLines(before, after);
        const left = rows.filter((row) => row.kind !== "add");
        const right = rows.filter((row) => row.kind !== "del");
        expect(left.map((row) => row.text)).toEqual(before);
        expect(right.map((row) => row.text)).toEqual(after);
        expect(left.map((row) => row.before)).toEqual(before.map((_, i) => i + 1));
        expect(right.map((row) => row.after)).toEqual(after.map((_, i) => i + 1));
      }),
    );
  });

  test("side by side, what came stands beside what went in its place", () => {
    const pairs = pairRows(diffLines(["{", "old", "}"], ["{", "new", "more", "}"]));
    expect(pairs.map(({ left, right }) => [left?.text, right?.text])).toEqual([
      ["{", "{"],
      ["old", "new"],
      [undefined, "more"],
      ["}", "}"],
    ]);
  });

  test("of two long texts without a common line it gives up the comparison and shows one as replaced", () => {
    const [before, after] = ["a", "b"].map((name) => Array.from({ length: 50_000 }, (_, i) => `${name}${i}`));
    const rows = diffLines(before ?? [], after ?? []);
    expect(rows).toHaveLength(100_000);
    expect(rows[0]?.kind).toBe("del");
    expect(rows.at(-1)?.kind).toBe("add");
  });

  test("of two long texts with one edit it shows the edit", () => {
    const before = Array.from({ length: 50_000 }, (_, i) => `line ${i}`);
    const rows = diffLines(before, before.with(25_000, "edited"));
    expect(rows.filter((row) => row.kind !== "same").map((row) => row.text)).toEqual(["line 25000", "edited"]);
  });
});
