import type { Attempt } from "#server/contracts/attempt.ts";

/** Other in every attempt: a difference of theirs says nothing. */
const ALWAYS_OTHER = new Set([
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
  "traceparent",
  "x-switchyard-event-id",
  "x-switchyard-request-id",
  "x-switchyard-attempt",
  "date",
  "age",
  "cf-ray",
  "x-request-id",
]);

/** One side of an attempt as lines to compare: its line, its headers without those that always differ, and what was answered. */
export function headerText(side: "request" | "response", attempt: Attempt): string {
  const isRequest = side === "request";
  const first = isRequest
    ? `${attempt.http_method} ${attempt.requested_url}`
    : [attempt.response_status ?? "no status", attempt.error_code ?? ""].join(" ").trim();
  const headers = (isRequest ? attempt.request_headers : attempt.response_headers) ?? [];
  const lines = headers
    .filter(([name]) => !ALWAYS_OTHER.has(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort();
  const body = isRequest || !attempt.response_body ? [] : ["", attempt.response_body];
  return [first, ...lines, ...body].join("\n");
}
