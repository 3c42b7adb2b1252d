// A transformed request as it goes over the wire.

import type { HeaderList } from "#server/contracts/header-list.ts";
import type { RequestHead, StoredRequest } from "#server/events/stored-request.sql.ts";
import { bodyToSend, headersToSend, queryToSend } from "#server/payload/as-received.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";

export interface Deliverable {
  head: RequestHead;
  /** Null where the transform left the body alone. */
  body: Buffer | null;
}

/**
 * A transformed request in the form in which it is sent: parts that the transform left alone stay as they came. `body` is
 * null when the transform left the body alone. `notes` are for the trace.
 */
export function deliverableOf(
  request: RuleRequest,
  original: StoredRequest,
  isBodyTransformed: boolean,
): { output: Deliverable; notes: string[] } {
  const { method, path } = request;
  const query = queryToSend(request.query, original.query);
  const headers = headersToSend(request.headers, original.headers);
  if (!isBodyTransformed) return { output: { head: { method, path, query, headers }, body: null }, notes: [] };
  const { bytes, notes } = bodyToSend(request.body, original);
  const head = { method, path, query, headers: headersOfNewBody(headers, request.body) };
  return { output: { head, body: bytes }, notes };
}

/** A form that became an object is JSON now, and its headers say so. Nothing is compressed any more. */
function headersOfNewBody(headers: HeaderList, body: RuleRequest["body"]): HeaderList {
  const isJson = body !== undefined && typeof body !== "string";
  const kept = headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === "content-encoding") return false;
    return lower !== "content-type" || !isJson || /json/i.test(value);
  });
  if (isJson && !kept.some(([name]) => name.toLowerCase() === "content-type")) {
    kept.push(["content-type", "application/json"]);
  }
  return kept;
}
