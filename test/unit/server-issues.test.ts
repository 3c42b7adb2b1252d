import { expect, test } from "vitest";
import { errorsAt } from "#components/data/server-issues.ts";

const FIELDS = ["name", "expires_at"] as const;

test("a sentence stands at the field that it names, also where it names a part of it", () => {
  const issues = [
    { path: "name", message: "Use at most 155 characters." },
    { path: "name", message: "Another." },
    { path: "expires_at[0]", message: "Give a time in the future." },
  ];
  expect(errorsAt({ message: "name: Use at most 155 characters.", data: { issues } }, FIELDS)).toEqual({
    at: { name: "Use at most 155 characters.", expires_at: "Give a time in the future." },
    rest: undefined,
  });
});

test("what belongs to no field of the form is said for the whole of it", () => {
  const issues = [{ path: "namesake", message: "Unknown." }];
  expect(errorsAt({ message: "namesake: Unknown.", data: { issues } }, FIELDS)).toEqual({
    at: {},
    rest: "namesake: Unknown.",
  });
  expect(errorsAt({ message: "Too many calls wait already." }, FIELDS).rest).toBe("Too many calls wait already.");
  expect(errorsAt(null, FIELDS)).toEqual({ at: {}, rest: undefined });
});
