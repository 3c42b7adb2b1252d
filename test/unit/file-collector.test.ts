// Files of many events as a lane collects them: by size, by time, by connection, and never more than one file for one that was
// stored before.
import { expect, test } from "vitest";
import { makeFileCollector } from "#server/delivery/file-collector.ts";
import type { Send } from "#server/delivery/lane-move.ts";

const LIMITS = { waitMs: 60_000, maxBytes: 1_000 };
const NOW = 1_000_000;
let made = 0;

interface Sent {
  connection?: string;
  batch?: string;
  bytes?: number;
  dueMs?: number;
  headers?: [string, string][];
  transformed?: { path: string; query: string; headers: [string, string][] };
}

function send(of: Sent): Send {
  const event = {
    id: `evt_${++made}`,
    connection_id: of.connection ?? "web_a",
    object_batch_id: of.batch ?? null,
    next_attempt_at: new Date(of.dueMs ?? NOW),
    transformed_body: null,
  };
  const request = {
    path: "/",
    query: "",
    headers: of.headers ?? [],
    body: Buffer.alloc(1),
    body_bytes: of.bytes ?? 99,
  };
  return { event: { ...event, transformed: of.transformed ?? null }, request } as unknown as Send;
}

const at = (nowMs: number, isAnyDue = false, underWay = new Set<string>()) => ({ nowMs, isAnyDue, underWay });

test("a file is written when its first event has waited, and not before", () => {
  const collector = makeFileCollector();
  collector.add(send({ dueMs: NOW - 10_000 }), LIMITS, NOW);
  collector.add(send({}), LIMITS, NOW);
  expect(collector.nextAtMs(LIMITS)).toBe(NOW + 50_000);
  expect(collector.takeRipe(LIMITS, at(NOW + 49_999))).toBeNull();
  expect(collector.takeRipe(LIMITS, at(NOW + 50_000))?.members).toHaveLength(2);
  expect([collector.events(), collector.nextAtMs(LIMITS)]).toEqual([0, null]);
});

test("a full file takes no more: what comes next goes into another", () => {
  const collector = makeFileCollector();
  for (let n = 0; n < 25; n++) collector.add(send({}), LIMITS, NOW);
  const sizes = [1, 2, 3].map(() => collector.takeRipe(LIMITS, at(NOW))?.members.length);
  expect(sizes).toEqual([10, 10, undefined]);
  expect(collector.events()).toBe(5);
});

test("a backlog whose time has come long ago makes full files while more is due, for a second at most", () => {
  const collector = makeFileCollector();
  collector.add(send({ dueMs: NOW - 3_600_000 }), LIMITS, NOW);
  expect(collector.takeRipe(LIMITS, at(NOW, true))).toBeNull();
  expect(collector.takeRipe(LIMITS, at(NOW + 1_000, true))?.members).toHaveLength(1);
});

test("connections have files of their own, and the bytes of bodies are not kept", () => {
  const collector = makeFileCollector();
  for (const connection of ["web_a", "web_b", "web_a"]) collector.add(send({ connection }), LIMITS, NOW);
  const files = [1, 2].map(() => collector.takeOldest());
  expect(files.map((file) => file?.members.length)).toEqual([2, 1]);
  expect(files[0]?.members.map(({ request }) => request.body)).toEqual([null, null]);
});

test("headers count like bodies, also those that a transform made, and are not kept either", () => {
  const headers: [string, string][] = [["x-large", "x".repeat(490)]];
  const collector = makeFileCollector();
  for (let n = 0; n < 2; n++) collector.add(send({ bytes: 0, headers }), LIMITS, NOW);
  collector.add(send({ bytes: 0, transformed: { path: "/", query: "", headers } }), LIMITS, NOW);
  const members = collector.takeRipe(LIMITS, at(NOW))?.members ?? [];
  expect(members.map(({ request }) => request.headers)).toEqual([[], [], []]);
  expect(members.map(({ event }) => event.transformed)).toEqual([null, null, null]);
});

test("a stored file is written at once, in one piece, and not while it is being written", () => {
  const collector = makeFileCollector();
  for (let n = 0; n < 15; n++) collector.add(send({ batch: "bat_1" }), LIMITS, NOW);
  expect(collector.takeRipe(LIMITS, at(NOW, false, new Set(["bat_1"])))).toBeNull();
  expect(collector.takeRipe(LIMITS, at(NOW))).toMatchObject({ batchId: "bat_1", members: { length: 15 } });
});

test("what is collected in all is bounded: the file that waits longest is written", () => {
  const collector = makeFileCollector();
  const large = { waitMs: 3_600_000, maxBytes: Number.POSITIVE_INFINITY };
  for (let n = 0; n <= 20_000; n++) collector.add(send({ connection: `web_${n % 3}`, dueMs: NOW + n }), large, NOW);
  expect(collector.takeRipe(large, at(NOW))?.members[0]?.event.connection_id).toBe("web_0");
  expect(collector.takeRipe(large, at(NOW))).toBeNull();
});
