import { describe, expect, test } from "vitest";
import { answerWords, causeOf } from "#components/attempt-detail/attempt-words.ts";
import { idTime } from "#components/detail-page/id-time.ts";
import { headerText } from "#components/event-detail/header-text.ts";
import { isBodyUnread } from "#components/lists/unread-body.ts";
import { ignoredWords } from "#components/request-detail/branch-words.ts";
import { type Attempt, ErrorCode } from "#server/contracts/attempt.ts";
import { IgnoredCause, type IgnoredEvent } from "#server/contracts/request.ts";
import { idTimeMs, newId } from "#server/ids.ts";

describe("the words of an attempt", () => {
  test("have a sentence for every error, and none for a delivery", () => {
    for (const error_code of ErrorCode.options) expect(causeOf({ response_status: null, error_code })).toMatch(/\.$/);
    expect(causeOf({ response_status: 200, error_code: null })).toBeUndefined();
    expect(causeOf({ response_status: 503, error_code: "BAD_RESPONSE" })).toContain("503 Service Unavailable");
    expect(causeOf({ response_status: 410, error_code: "BAD_RESPONSE" })).toContain("gone for good");
  });

  test("keep a status that was seen before a failure", () => {
    expect(answerWords({ response_status: 200, error_code: "TIMEOUT" })).toEqual({
      code: "TIMEOUT",
      note: "no answer in time, after status 200",
    });
    expect(answerWords({ response_status: 299, error_code: null })).toEqual({ code: "299", note: "" });
  });
});

test("two attempts are compared without what is other in each of them, in one order of headers", () => {
  const attempt = (headers: [string, string][], fields: Partial<Attempt> = {}) =>
    ({ http_method: "POST", requested_url: "https://a.example/", request_headers: headers, ...fields }) as Attempt;
  const one = headerText(
    "request",
    attempt([
      ["B", "2"],
      ["webhook-id", "x"],
      ["a", "1"],
    ]),
  );
  const two = headerText(
    "request",
    attempt([
      ["A", "1"],
      ["b", "2"],
      ["Webhook-Id", "y"],
    ]),
  );
  expect(one).toBe("POST https://a.example/\na: 1\nb: 2");
  expect(two).toBe(one);
  const none = attempt([], {
    response_status: null,
    error_code: "TIMEOUT",
    response_headers: null,
    response_body: null,
  });
  expect(headerText("response", none)).toBe("no status TIMEOUT");
});

test("every cause of an ignored branch is said, a filter's with its clause", () => {
  for (const cause of IgnoredCause.options)
    expect(ignoredWords({ cause, detail: "", why: [] } as unknown as IgnoredEvent)).toMatch(/\.$/);
  const mismatch = { path: "body.a", operator: "$exist", expected: true, message: "" };
  const why = [{ step: "filter", outcome: "failed", mismatch }];
  expect(ignoredWords({ cause: "FILTERED", detail: "x", why } as unknown as IgnoredEvent)).toBe(
    "Filtered. body.a: expected exist true, got missing",
  );
});

test("the time of an id is the one that the server reads in it", () => {
  const id = newId("event", Date.UTC(2026, 4, 29));
  expect(Date.parse(idTime(id))).toBe(idTimeMs(id));
});

test.each([
  ["RATE_LIMITED", 0, true],
  ["PAYLOAD_TOO_LARGE", 0, true],
  ["RATE_LIMITED", 27, false],
  ["VERIFICATION_FAILED", 0, false],
  [null, 0, false],
] as const)(
  "a request refused for %s, of which %d bytes are known, has a body that was not read: %s",
  (cause, bytes, isUnread) => {
    expect(isBodyUnread({ rejection_cause: cause, body_bytes: bytes })).toBe(isUnread);
  },
);
