import { expect, test } from "vitest";
import type { Sent } from "#server/ingest/evidence.ts";
import { makeHandshakeCap } from "#server/ingest/handshake-cap.ts";

const SOURCE = { teamId: "tm_a", sourceId: "src_a" };
const MINUTE_MS = 60_000;
const handshake = (padding = 0): Sent => ({
  path: "/",
  query: "",
  headers: [
    ["X-Pad", "p".repeat(padding)],
    ["X-Hook-Secret", "s".repeat(64)],
  ],
  content_type: "application/json",
  body: Buffer.from("{}"),
});

test("A caller that sends handshakes all day leaves room for that of another", () => {
  const keep = makeHandshakeCap();
  let refused = 0;
  for (let minute = 0; minute < 24 * 60; minute++) {
    for (let i = 0; i < 10; i++)
      if (!keep({ ...SOURCE, ip: `2001:db8::${i}` }, handshake(2_000), minute * MINUTE_MS).isKept) refused++;
    if (minute % 60 === 59)
      expect(keep({ ...SOURCE, ip: "192.0.2.1" }, handshake(), minute * MINUTE_MS).isKept).toBe(true);
  }
  expect(refused).toBeGreaterThan(1_000);
});

test("A caller that makes a hundred webhooks in an hour has each handshake kept, whole", () => {
  const keep = makeHandshakeCap();
  for (let i = 0; i < 100; i++) {
    const sent = handshake(500);
    expect(keep({ ...SOURCE, ip: "192.0.2.1" }, sent, i)).toEqual({ isKept: true, evidence: { ...sent, note: "" } });
  }
});

test("A thousand callers together write the part of one source", () => {
  const keep = makeHandshakeCap();
  let kept = 0;
  for (let hour = 0; hour < 24; hour++)
    for (let i = 0; i < 4_000; i++) {
      const ip = `198.51.${i % 4}.${Math.floor(i / 4) % 250}`;
      if (keep({ ...SOURCE, ip }, handshake(2_000), hour * 60 * MINUTE_MS).isKept) kept++;
    }
  expect(kept * 2_000).toBeLessThan(20 * 1024 * 1024);
});

test("A handshake that would be cut is not kept: its secret might be in the cut", () => {
  const keep = makeHandshakeCap();
  expect(keep({ ...SOURCE, ip: "192.0.2.1" }, handshake(9_000), 0).isKept).toBe(false);
  expect(keep({ ...SOURCE, ip: "192.0.2.1" }, handshake(), 0).isKept).toBe(true);
});
