import { expect, test } from "vitest";
import { changedMeanwhile, isClash, keptChanges, realChanges } from "#components/resource-form/values.ts";

const base = { name: "a", "config.rate_limit": 120, "config.url": "https://a.example" };

test("a value that is typed back to what it was is no change", () => {
  expect(realChanges(base, { name: "b", "config.rate_limit": 120 })).toEqual({ name: "b" });
  expect(realChanges(base, { "config.auth.token": undefined })).toEqual({});
});

test("a field that both have changed is a clash, and one that only they have changed is theirs", () => {
  const theirs = { ...base, name: "theirs", "config.rate_limit": 60 };
  const meanwhile = changedMeanwhile(base, theirs, { "config.rate_limit": 240, "config.url": "https://b.example" });
  expect(meanwhile).toEqual([
    { field: "name", before: "a", theirs: "theirs", mine: undefined },
    { field: "config.rate_limit", before: 120, theirs: 60, mine: { value: 240 } },
  ]);
  expect(meanwhile.map(isClash)).toEqual([false, true]);
});

test("nothing is left to choose where both came to the same", () => {
  const theirs = { ...base, name: "same" };
  expect(changedMeanwhile(base, theirs, { name: "same" }).some(isClash)).toBe(false);
  expect(keptChanges(theirs, { name: "same" }, new Set())).toEqual({});
});

test("mine stay over theirs but where theirs were taken", () => {
  const theirs = { ...base, name: "theirs", "config.rate_limit": 60 };
  const mine = { name: "mine", "config.rate_limit": 240, "config.url": "https://b.example" };
  expect(keptChanges(theirs, mine, new Set(["name"]))).toEqual({
    "config.rate_limit": 240,
    "config.url": "https://b.example",
  });
});
