import { expect, test } from "vitest";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { type Job, packBatch } from "#server/sandbox/job.ts";
import type { JudgeTask } from "#server/sandbox/messages.ts";

const TASK: JudgeTask = {
  ...{ rules: "[]", isReplay: false, orderPath: null, groupPath: null, holder: null, transformFailure: null },
};

/** A request of which only the body matters here, in the middle of a larger buffer. */
function requestOf(bytes: number): StoredRequest {
  const body = Buffer.alloc(bytes + 200, "around").subarray(100, 100 + bytes);
  return { id: "req_a", headers: [], body: body.fill("body") } as unknown as StoredRequest;
}
const jobOn = (stored: StoredRequest): Job => ({
  work: { kind: "judge", stored, transformation: null, task: TASK },
  ...{ bytes: 1, signal: undefined, settle: () => {}, reject: () => {} },
});
const sentBody = (stored: StoredRequest) => packBatch("tm_a", [jobOn(stored)]).batch.requests[0]?.body as Uint8Array;

test.each([
  ["small", 10],
  ["large", 100_000],
])("a %s body is sent whole, without what lies around it", (_size, bytes) => {
  const stored = requestOf(bytes);
  const received = structuredClone(sentBody(stored));
  expect(Buffer.from(received).equals(stored.body as Buffer)).toBe(true);
  expect(received.buffer.byteLength).toBe(bytes);
});

test("a large body that jobs of several batches read is copied once", () => {
  const stored = requestOf(100_000);
  expect(structuredClone(sentBody(stored)).buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(sentBody(stored).buffer).toBe(sentBody(stored).buffer);
  expect(sentBody(requestOf(100_000)).buffer).not.toBe(sentBody(stored).buffer);
});
