import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOutWaterfall, type WaterfallInput } from "#components/data/waterfall-layout.ts";

const MINUTE = 60_000;
const RECEIVED = Date.UTC(2026, 10, 25, 2, 12, 43, 118);
const at = (ms: number) => RECEIVED + ms;
const AXIS = { left: 108, right: 444 };
const all = () => true;

const phases = { dns_ms: 3, connect_ms: 18, tls_ms: 31, wait_ms: 352, read_ms: 8 };
const FIRST = { number: 1, atMs: at(190_000), latencyMs: 412, isDelivered: false, code: "503", note: "", phases };
const event: WaterfallInput = {
  receivedMs: RECEIVED,
  receivedNote: "verified",
  routedMs: at(9),
  routedNote: "5 rules",
  holds: [{ state: "HOLD", fromMs: at(9), toMs: at(190_000), note: "breaker open" }],
  attempts: [
    FIRST,
    { ...FIRST, number: 2, atMs: at(249_000), latencyMs: 15_000, code: "TIMEOUT", phases: { ...phases, read_ms: 0 } },
  ],
  backoffs: [{ fromMs: at(190_412), toMs: at(249_000), note: "1 min −2.5 %" }],
  nextMs: at(10 * MINUTE),
  nowMs: at(5 * MINUTE),
};
const rowNamed = (label: string, input = event) =>
  layOutWaterfall(input, AXIS, all).rows.find((row) => row.label === label);

describe("an event's way on one axis", () => {
  test("has a row for each thing, in the order in which they happened, below each other", () => {
    const { rows, height } = layOutWaterfall(event, AXIS, all);
    expect(rows.map((row) => row.label)).toEqual([
      ...["Received", "Routed", "Held", "Attempt 1", "Backoff", "Attempt 2", "Next"],
    ]);
    expect(rows.map((row) => row.y)).toEqual([24, 46, 68, 90, 146, 168, 224]);
    expect(height).toBe(248);
  });

  test("is linear: half the time is half the way", () => {
    expect(layOutWaterfall(event, AXIS, all).nowX).toBe(276);
    expect(rowNamed("Held")?.marks).toEqual([
      { kind: "held", x: expect.closeTo(108, 1), width: expect.closeTo(106.4, 1) },
    ]);
  });

  test("shows what waits behind the present hatched and what is to come dashed, up to a diamond", () => {
    const next = rowNamed("Next");
    expect(next?.marks.map((mark) => mark.kind)).toEqual(["backoff", "future", "diamond"]);
    expect(next?.marks.at(-1)).toEqual({ kind: "diamond", x: 444 });
    expect(next?.durationMs).toBe(5 * MINUTE);
  });

  test("draws an attempt at least 3 px wide, within the axis", () => {
    const late = { ...event, nextMs: null, nowMs: null, attempts: [{ ...FIRST, atMs: at(600_000), latencyMs: 1 }] };
    expect(rowNamed("Attempt 1", late)?.marks).toEqual([{ kind: "failed", x: 441, width: 3 }]);
  });

  test("opens an attempt into its phases over the whole width; a phase that took no time is left out", () => {
    const lens = rowNamed("Attempt 2")?.lens ?? [];
    expect(lens.map((mark) => mark.phase)).toEqual(["dns", "connect", "tls", "wait"]);
    expect(lens[0]?.x).toBe(108);
    const last = lens.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(443);
    expect(Math.min(...lens.map((mark) => mark.width))).toBe(6);
    expect(layOutWaterfall(event, AXIS, () => false).rows.every((row) => row.lens.length === 0)).toBe(true);
  });

  test("draws a hold that lasts up to the present, and a wait that was planned as scheduled", () => {
    const held = { ...event, attempts: [], backoffs: [], nextMs: null };
    const lasting = { ...held, holds: [{ state: "SCHEDULED" as const, fromMs: at(9), toMs: null, note: "" }] };
    expect(rowNamed("Scheduled", lasting)?.durationMs).toBe(5 * MINUTE - 9);
    expect(rowNamed("Scheduled", lasting)?.marks[0]?.kind).toBe("scheduled");
  });

  test("has no present once the event has ended, and the axis ends with its last attempt", () => {
    const { nowX, axis } = layOutWaterfall({ ...event, nextMs: null, nowMs: null }, AXIS, all);
    expect(nowX).toBeUndefined();
    expect(axis.toMs).toBe(at(264_000));
  });

  test("has at most seven ticks at round times, from a millisecond to a month", () => {
    for (const spanMs of [1, 7, 90, 4_000, 600_000, 86_400_000, 30 * 86_400_000]) {
      const { ticks } = layOutWaterfall(
        { ...event, holds: [], attempts: [], backoffs: [], routedMs: null, nextMs: at(spanMs), nowMs: at(0) },
        AXIS,
        all,
      );
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks[0]).toEqual({ ms: 0, x: 108 });
    }
    expect(layOutWaterfall(event, AXIS, all).ticks.map((tick) => tick.ms / MINUTE)).toEqual([0, 2, 4, 6, 8, 10]);
  });

  test("keeps every mark on the axis and every number finite, whatever the clocks said", () => {
    const ms = fc.integer({ min: -100_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(ms, ms, ms, fc.nat(60_000), fc.option(ms), (routed, hold, attempt, latencyMs, next) => {
        const odd: WaterfallInput = {
          ...event,
          routedMs: at(routed),
          holds: [{ state: "HOLD", fromMs: at(hold), toMs: at(hold - 5), note: "" }],
          attempts: [{ ...FIRST, atMs: at(attempt), latencyMs }],
          nextMs: next === null ? null : at(next),
        };
        for (const { marks, lens } of layOutWaterfall(odd, AXIS, all).rows)
          for (const mark of [...marks, ...lens]) {
            const end = "width" in mark ? mark.x + mark.width : mark.x;
            expect(mark.x).toBeGreaterThanOrEqual(107.9);
            expect(end).toBeLessThanOrEqual(444.1);
          }
      }),
    );
  });
});
