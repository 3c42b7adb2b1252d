// Where a log-in goes on to is a page of this dashboard, whatever stands in the address that somebody was lured to.
import { expect, test } from "vitest";
import { safeNext } from "#components/door/call-auth.ts";

const HOST = "http://dashboard.example";

test.each([
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "/%2e//evil.example",
  "/x/..//evil.example/a?b",
  "/.\\/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/api/x",
  "/e/src",
  "/v1/x",
])("%s leads home", (next) => {
  expect(safeNext(next)).toBe("/");
});

test.each(["/events?status=FAILED", "/docs/start", "/events", "/"])("%s is gone on to", (next) => {
  expect(safeNext(next)).toBe(next);
  expect(new URL(safeNext(next), HOST).origin).toBe(HOST);
});
