import { expect, test } from "vitest";
import { changedMembers } from "#components/settings/audit-changes.ts";

test("a change is listed member by member, nested ones by their path, lists whole", () => {
  const before = { name: "a", config: { rate_limit: 600, "a.b": null, retry: [1, 2] } };
  const after = { name: "b", config: { rate_limit: 300, "a.b": "x", retry: [] } };
  expect(changedMembers({ before, after })).toEqual([
    { path: "config.rate_limit", before: "600", after: "300" },
    { path: "config.retry", before: "[1,2]", after: "[]" },
    { path: 'config["a.b"]', before: "null", after: "x" },
    { path: "name", before: "a", after: "b" },
  ]);
});

test("a member that was not there has no value on that side", () => {
  expect(changedMembers({ before: { a: 1 }, after: { b: 2 } })).toEqual([
    { path: "a", before: "1", after: undefined },
    { path: "b", before: undefined, after: "2" },
  ]);
});

test("of what was made or deleted only what was set is listed", () => {
  const after = { name: "s", description: null, disabled_at: null };
  expect(changedMembers({ before: null, after })).toEqual([{ path: "name", before: undefined, after: "s" }]);
  expect(changedMembers({ before: after, after: null })).toEqual([{ path: "name", before: "s", after: undefined }]);
  expect(changedMembers({ before: null, after: null })).toEqual([]);
});
