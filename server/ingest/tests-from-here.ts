// Calls of the installation to its own door: a test of a source, whose answer tells which gateway gave it, and the question
// whether a gateway knows a source. Everybody else gets what a producer gets.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CachedSource } from "#server/config/config-cache.ts";
import { GATEWAY_HEADER, type KnownAnswer, REQUEST_HEADER } from "#server/contracts/source-test.ts";
import { MARK_HEADER, type MarkKind, type TestMarks } from "#server/crypto/test-mark.ts";
import { answerProbe } from "./answers.ts";
import type { ArrivalHead } from "./arrival.ts";

export interface TestsFromHere {
  /** Null for a request that is none of ours. */
  read(request: IncomingMessage, sourceKey: string, nowMs: number): MarkKind | null;
  answerKnown(response: ServerResponse, source: CachedSource | undefined): void;
  /** Marks the arrival of a test, and has the answer say which gateway gave it and which request it became. */
  mark(head: ArrivalHead, response: ServerResponse, kind: "unrouted" | "routed"): ArrivalHead;
}

/** @param gatewayId the gateway at whose door they are */
export function makeTestsFromHere(gatewayId: string, marks: TestMarks): TestsFromHere {
  return {
    read(request, sourceKey, nowMs) {
      const given = request.headers[MARK_HEADER];
      return typeof given === "string" ? marks.read(given, sourceKey, nowMs) : null;
    },
    answerKnown(response, source) {
      const known = source && { updated_at: source.updatedAt.toISOString() };
      const answer: KnownAnswer = { gateway_id: gatewayId, source: known ?? null };
      answerProbe(response, { status: 200, contentType: "application/json", body: JSON.stringify(answer) });
    },
    mark(head, response, kind) {
      response.setHeader(GATEWAY_HEADER, gatewayId);
      response.setHeader(REQUEST_HEADER, head.id);
      // It is good for another minute, so nobody gets to read it.
      const headers = head.headers.filter(([name]) => name.toLowerCase() !== MARK_HEADER);
      return { ...head, headers, test: kind };
    },
  };
}
