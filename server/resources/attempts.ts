// Attempts: one row per HTTP try, written once by delivery and never changed.
import type { Ctx } from "#server/auth/ctx.ts";
import { type Attempt, AttemptPhases, type ListAttempts } from "#server/contracts/attempt.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { notFound } from "#server/errors/app-error.ts";
import { storeSentence } from "#server/object-store/store-words.ts";
import { unpackHeaders } from "#server/wire/packed-headers.ts";
import { type AttemptRow, selectAttempt, selectAttempts } from "./attempts.sql.ts";
import { withLookBound } from "./look-bound.sql.ts";
import { pageWindow, toPage } from "./paging.ts";

/** Bytes of a response that are no UTF-8 read as U+FFFD: a receiver may answer anything. */
export const toAttempt = (stored: AttemptRow): Attempt => {
  const row = {
    ...stored,
    request_headers: unpackHeaders(stored.request_headers, stored),
    response_headers: stored.response_headers && unpackHeaders(stored.response_headers, stored),
  };
  return {
    ...row,
    ...(row.is_withheld && {
      requested_url: originOf(row.requested_url),
      request_headers: [],
      response_headers: row.response_headers && [],
    }),
    response_body: row.is_withheld ? null : row.response_body && Buffer.from(row.response_body).toString("utf8"),
    phases: row.phases && toPhases(row.phases),
    created_at: row.created_at.toISOString(),
    explanation: explanationOf(row),
  };
};

/** Path and query may be the request's. */
const originOf = (url: string) => URL.parse(url)?.origin ?? "";

type Unpacked = Omit<AttemptRow, "request_headers" | "response_headers"> &
  Pick<Attempt, "request_headers" | "response_headers">;

/** Of a request that an object store's client has signed. Without the answer's body there is nothing to go by. */
function explanationOf({ http_method, request_headers, ...row }: Unpacked): string | null {
  if (http_method !== "PUT" || !request_headers.some(([name]) => name === "x-amz-content-sha256")) return null;
  if (row.response_body === null && row.error_code === "BAD_RESPONSE") return null;
  return storeSentence({
    status: row.response_status,
    headers: row.response_headers,
    body: row.response_body && Buffer.from(row.response_body).toString("utf8"),
    errorCode: row.error_code,
  });
}

/** @param times in the order of the contract */
export const toPhases = (times: number[]): AttemptPhases =>
  AttemptPhases.parse(Object.fromEntries(AttemptPhases.keyof().options.map((phase, i) => [phase, times[i]])));

/** The newest first. */
export async function listAttempts(ctx: Ctx, input: ListAttempts): Promise<Page<Attempt>> {
  const asked = pageWindow("attempt", input, ctx.app.now());
  const window = await withLookBound(ctx, "attempt", asked, input);
  const rows = await selectAttempts(ctx, input, window);
  return toPage(rows.map(toAttempt), window);
}

export async function getAttempt(ctx: Ctx, { id }: ById): Promise<Attempt> {
  const row = await selectAttempt(ctx, id);
  if (!row) throw notFound("attempt", id);
  return toAttempt(row);
}
