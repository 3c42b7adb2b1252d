import { expect, test } from "vitest";
import { MAX_BODY_MS, makeBodyPace, SWEEP_MS } from "#server/shares/body-pace.ts";

const KIB = 1024;

/** A body that receives `bytesPerSweep` before each sweep. Returns when it was cut, or null. */
function cutAfterMs(bytesAt: (ms: number) => number, untilMs = 20_000): number | null {
  const pace = makeBodyPace();
  let received = 0;
  let cutAtMs: number | null = null;
  let nowMs = 0;
  pace.watch({ receivedBytes: () => received, cut: () => (cutAtMs = nowMs) }, 0);
  for (nowMs = SWEEP_MS; nowMs <= untilMs && cutAtMs === null; nowMs += SWEEP_MS) {
    received += bytesAt(nowMs);
    pace.sweep(nowMs);
  }
  return cutAtMs;
}

test("a body that stands still is cut after five seconds, however much of it came before", () => {
  expect(cutAfterMs(() => 0)).toBe(5_000);
  expect(cutAfterMs((ms) => (ms === SWEEP_MS ? 10_000 * KIB : 0))).toBe(10_000);
  expect(cutAfterMs(() => 10)).toBe(5_000);
});

test("one that comes at some kilobytes a second goes on until its time is over", () => {
  expect(cutAfterMs(() => 3 * KIB)).toBe(MAX_BODY_MS);
  expect(cutAfterMs(() => 3 * KIB, MAX_BODY_MS - SWEEP_MS)).toBeNull();
});

test("nobody is cut for the time in which this process itself stood still", () => {
  const pace = makeBodyPace();
  let isCut = false;
  pace.watch({ receivedBytes: () => 0, cut: () => (isCut = true) }, 0);
  pace.sweep(SWEEP_MS);
  expect(pace.sweep(7_000)).toBe(1);
  for (let ms = 7_000 + SWEEP_MS; ms < 12_000; ms += SWEEP_MS) pace.sweep(ms);
  expect(isCut).toBe(false);
  expect(pace.sweep(12_000)).toBe(0);
  expect(isCut).toBe(true);
});

test("of thousands that stand still some are cut at each look, and all within seconds", () => {
  const pace = makeBodyPace();
  let cut = 0;
  for (let i = 0; i < 2_000; i++) pace.watch({ receivedBytes: () => 0, cut: () => cut++ }, 0);
  const atOnce: number[] = [];
  for (let ms = SWEEP_MS; ms <= 9_000; ms += SWEEP_MS) {
    const before = cut;
    pace.sweep(ms);
    atOnce.push(cut - before);
  }
  expect(cut).toBe(2_000);
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(250);
});

test("a body that has been read is watched no more", () => {
  const pace = makeBodyPace();
  const body = { receivedBytes: () => 0, cut: () => expect.fail("it was cut") };
  pace.watch(body, 0);
  pace.forget(body);
  for (let ms = SWEEP_MS; ms < 5_000; ms += SWEEP_MS) expect(pace.sweep(ms)).toBe(0);
});
