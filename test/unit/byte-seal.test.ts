import { expect, test } from "vitest";
import { makeByteSeals } from "#server/crypto/byte-seal.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { openArrival, sealArrival } from "#server/spool/sealed-arrival.ts";

const [OLD, NEW] = [
  "an old secret of at least thirty-two characters",
  "a new secret of at least thirty-two characters",
];
const PURPOSE = "test";
const arrival: Arrival = {
  team_id: "tm_one",
  id: "req_one",
  source_id: "src_one",
  status: "accepted",
  verification: "verified",
  verified: true,
  method: "POST",
  path: "/a",
  query: "",
  headers: [["x-canary", "canary-header"]],
  content_type: null,
  body: Buffer.from([0, 1, 255, 0]),
  body_bytes: 4,
  is_kept: true,
  remote_ip: "192.0.2.1",
  created_at: new Date(1_760_000_000_123),
};

test("an arrival comes out as it went in, and nothing of it can be read meanwhile", () => {
  const seals = makeByteSeals(PURPOSE, NEW);
  const sealed = sealArrival(seals, arrival);
  expect(openArrival(seals, sealed, "tm_one", "req_one")).toEqual(arrival);
  for (const word of ["canary", "src_one", "192.0.2.1"]) expect(sealed.includes(word)).toBe(false);
  expect(sealArrival(seals, arrival).equals(sealed)).toBe(false);
});

test("it opens only as what it is, unchanged, with the secret or the one whose place it takes", () => {
  const sealed = sealArrival(makeByteSeals(PURPOSE, OLD), arrival);
  expect(openArrival(makeByteSeals(PURPOSE, NEW, OLD), sealed, "tm_one", "req_one")).toEqual(arrival);
  const open = (bytes: Buffer, teamId = "tm_one", id = "req_one") =>
    openArrival(makeByteSeals(PURPOSE, OLD), bytes, teamId, id);
  expect(() => open(sealed, "tm_two")).toThrow();
  expect(() => open(sealed, "tm_one", "req_two")).toThrow();
  for (let at = 0; at < sealed.length; at += 7) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => open(changed)).toThrow();
  }
  for (const bytes of [Buffer.alloc(0), sealed.subarray(0, 20), sealed.subarray(0, -1)])
    expect(() => open(bytes)).toThrow();
  expect(() => openArrival(makeByteSeals(PURPOSE, NEW), sealed, "tm_one", "req_one")).toThrow("SWITCHYARD_SECRET");
  expect(() => openArrival(makeByteSeals("other", OLD), sealed, "tm_one", "req_one")).toThrow();
});
