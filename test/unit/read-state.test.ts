// A form's field over a state of its setting that somebody else has saved meanwhile.
import { expect, test } from "vitest";
import { followed } from "#components/data/read-state.ts";

const [first, second] = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"];

test("what nobody typed in follows, and is meant for the newer state", () => {
  const field = { typed: "body.a", base: "body.a", readAt: first };
  expect(followed(field, "body.b", second)).toEqual({ typed: "body.b", base: "body.b", readAt: second });
});

test("what was typed stays meant for the state that was read, so that the server can refuse it", () => {
  const field = { typed: "body.mine", base: "body.a", readAt: first };
  expect(followed(field, "body.theirs", second)).toBe(field);
});

test("a change beside the field does not make it a conflict", () => {
  const field = { typed: "body.mine", base: "body.a", readAt: first };
  expect(followed(field, "body.a", second)).toEqual({ ...field, readAt: second });
});

test("an answer that is older than what was saved here takes nothing back", () => {
  const field = { typed: "body.b", base: "body.b", readAt: second };
  expect(followed(field, "body.a", first)).toBe(field);
});
