// What is told of an issue outside of its page: chats show it, so what a sender chose stands in it as plain code.
import { expect, test } from "vitest";
import type { IssueEvidence } from "#server/contracts/issue.ts";
import { moveSentence } from "#server/issues/sentences.ts";

test.each([
  ["orders/updated", "`orders/updated`"],
  ["<!channel> <https://evil.example|Sign in>", "`…channel… …https://evil.example…Sign in…`"],
  ["a`b\n@here", "`a…b…here`"],
  ["x".repeat(500), `\`${"x".repeat(100)}\``],
])("an event type such as %j neither mentions anybody nor makes a link", (event_type, shown) => {
  const evidence: IssueEvidence = {
    kind: "payload_drift",
    event_type,
    paths: [{ path: "body.id", before: 1, now: 0, read_by: "filter" }],
    requests_now: 20,
    requests_before: 20,
  };
  const move = { at: "2026-05-29T12:30:00.000Z", what: "opened", because: null, by: null } as const;
  expect(moveSentence(move, "orders", evidence)).toBe(
    `${shown} changed its shape: 1 paths that orders reads are missing.`,
  );
});
