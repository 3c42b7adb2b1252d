import { expect, test } from "vitest";
import { errorsAt, refusalWords } from "#components/data/server-issues.ts";

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

test("a refusal names a field as the form does, and not as the API", () => {
  const labelOf = (field: string) => (field === "config.ordering_key" ? "Order key" : field);
  const issues = [{ path: "config.ordering_key", message: "Name one place." }];
  const refused = { message: "config.ordering_key: Name one place. And 3 more.", data: { issues } };
  expect(refusalWords(refused, labelOf)).toBe("Order key: Name one place. And 3 more.");
  expect(refusalWords({ message: "config.ordering_key: said by nobody" }, labelOf)).toBe(
    "config.ordering_key: said by nobody",
  );
  expect(refusalWords({ message: "Not so.", data: { issues: [{ path: "", message: "Not so." }] } }, labelOf)).toBe(
    "Not so.",
  );
});

test("a bound stands in the unit that people type, not in that of the API", () => {
  const issues = [
    { path: "config.batch_wait_ms", message: "Use a number that is at most 3600000." },
    { path: "config.batch_bytes", message: "Use a number that is at most 67108864." },
    { path: "config.concurrency", message: "Use a number that is at least 1." },
  ];
  const message = "config.batch_wait_ms: Use a number that is at most 3600000.";
  const fields = issues.map(({ path }) => path);
  expect(errorsAt({ message, data: { issues } }, fields).at).toEqual({
    "config.batch_wait_ms": "Use a time of at most 1 h.",
    "config.batch_bytes": "Use a size of at most 64 MiB.",
    "config.concurrency": "Use a number that is at least 1.",
  });
  expect(refusalWords({ message, data: { issues } }, () => "Close a file after")).toBe(
    "Close a file after: Use a time of at most 1 h.",
  );
});
