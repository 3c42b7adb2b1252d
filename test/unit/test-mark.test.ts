import { expect, test } from "vitest";
import { makeTestMarks } from "#server/crypto/test-mark.ts";

const NOW = 1_760_000_000_000;
const marks = makeTestMarks("a secret of at least thirty-two characters");
const made = marks.make("unrouted", "key1", NOW);

test("a mark is read by every process of the same secret, for its source and for a minute", () => {
  const other = makeTestMarks("a secret of at least thirty-two characters");
  for (const kind of ["unrouted", "routed", "known"] as const)
    expect(other.read(marks.make(kind, "key1", NOW), "key1", NOW)).toBe(kind);
  expect(other.read(made, "key1", NOW + 60_000)).toBe("unrouted");
  expect(other.read(made, "key1", NOW + 60_001)).toBe(null);
  expect(other.read(made, "key1", NOW - 60_001)).toBe(null);
  expect(other.read(made, "key2", NOW)).toBe(null);
});

test.each([
  ["of another secret", makeTestMarks("another secret of thirty-two characters").make("unrouted", "key1", NOW)],
  ["turned into another kind", made.replace("unrouted", "routed")],
  ["with a later time", made.replace(String(NOW), String(NOW + 1))],
  ["with its last character changed", `${made.slice(0, -1)}${made.endsWith("A") ? "B" : "A"}`],
  ["cut", made.slice(0, -1)],
  ["with more behind it", `${made}A`],
  ["that is empty", ""],
  ["that is only a word", "unrouted"],
  ["of a kind that there is none of", made.replace("unrouted", "trusted")],
])("a mark %s is none", (_what, mark) => {
  expect(marks.read(mark, "key1", NOW)).toBe(null);
});
