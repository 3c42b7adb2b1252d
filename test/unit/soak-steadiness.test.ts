// A verdict on steadiness finds a slope that is planted, through the noise of what is measured, and nothing where there is none.
import { describe, expect, test } from "vitest";
import { fitLine, judgeSteadiness, type Sample, type TableSample } from "#test/soak/steadiness.ts";
import { seeded } from "#test/support/seeded.ts";

const MINUTE_MS = 60_000;
const WARM_UP_MS = 3 * MINUTE_MS;

interface Planted {
  mibPerMinute: number;
  latencyGainMs: number;
  p99GainMs: number;
  /** Before the end, in which every p99 is two seconds. */
  stalledMinutes: number;
  workMibPerMinute: number;
  /** Of how much memory grows at once, and how often in the half hour. */
  stepMib: number;
  steps: number;
  deadRows: number;
  /** That nobody clears away. */
  deadPerMinute: number;
  /** Of each row of history in the second half. */
  bytesPerRow: number;
}

const SOUND: Planted = {
  ...{ mibPerMinute: 0, latencyGainMs: 0, p99GainMs: 0, stalledMinutes: 0 },
  ...{ workMibPerMinute: 0, stepMib: 0, steps: 0, deadRows: 5_000, deadPerMinute: 0, bytesPerRow: 900 },
};
const MINUTES = 30;

/** Thirty minutes, a sample every five seconds: memory goes up and down by collections, latency by chance. */
function soak(planted: Partial<Planted>): Sample[] {
  const all = { ...SOUND, ...planted };
  const { mibPerMinute, workMibPerMinute, stepMib, steps, deadRows, deadPerMinute, bytesPerRow, ...latency } = all;
  const random = seeded(5);
  let historyBytes = 0;
  let historyRows = 0;
  return Array.from({ length: MINUTES * 12 }, (_, i) => {
    const minutes = i / 12;
    historyRows += 500;
    historyBytes += 500 * (minutes > (MINUTES + WARM_UP_MS / MINUTE_MS) / 2 ? bytesPerRow : SOUND.bytesPerRow);
    // A start takes memory for a few minutes, which is no slope.
    const stepped = stepMib * Math.floor((minutes / MINUTES) * (steps + 1));
    const memory = 150 + 40 * Math.min(1, minutes / 2) + mibPerMinute * minutes + stepped + 12 * (random() - 0.5);
    const grown = (gainMs: number) => (gainMs * minutes) / MINUTES;
    const p99 = minutes >= MINUTES - latency.stalledMinutes ? 2_000 : 60 + 80 * random() + grown(latency.p99GainMs);
    const table = (name: string, isHistory: boolean, of: Partial<TableSample>): TableSample => ({
      ...{ name, isHistory, bytes: 0, liveRows: 0, deadRows: 0, ...of },
    });
    return {
      atMs: minutes * MINUTE_MS,
      memoryMiB: { "worker-1": memory, "gateway-1": 120 + 6 * random() },
      latencyMs: { median: 20 + grown(latency.latencyGainMs) + 2 * random(), p99 },
      tables: [
        table("event_2026_11_27", true, { bytes: historyBytes, liveRows: historyRows, deadRows: 100 }),
        table("hand_off", false, {
          bytes: (8 + workMibPerMinute * minutes + random()) * 2 ** 20,
          deadRows: deadRows + deadPerMinute * minutes,
        }),
      ],
    };
  });
}

const broken = (planted: Partial<Planted>) =>
  judgeSteadiness(soak(planted), WARM_UP_MS)
    .filter(({ isMet }) => !isMet)
    .map(({ name }) => name);

test("the line through points is the one they lie on, also where they lie about it", () => {
  const points = [0, 1, 2, 3].map((n) => ({ atMs: n * MINUTE_MS, value: 10 + 2.5 * n + (n % 3 === 0 ? 1 : -1) }));
  expect(fitLine(points)).toEqual({
    ...{ perMinute: expect.closeTo(2.5, 9), first: expect.closeTo(10, 9), last: expect.closeTo(17.5, 9) },
  });
  expect(fitLine(points.slice(0, 1))).toBeUndefined();
});

describe("a soak", () => {
  test("in which nothing grows is steady, whatever its start took", () => {
    expect(broken({})).toEqual([]);
  });

  test.each<[name: string, planted: Partial<Planted>, found: string[]]>([
    [
      "memory that grows by a little more than a MiB a minute",
      { mibPerMinute: 1.2 },
      ["memory of worker-1", "memory of all roles"],
    ],
    ["a latency that grows by a third", { latencyGainMs: 8 }, ["median latency"]],
    ["worst cases that grow by more than half", { p99GainMs: 150 }, ["p99 latency"]],
    ["worst cases that end in a stall of minutes", { stalledMinutes: 5 }, ["p99 latency"]],
    ["a table of work that grows", { workMibPerMinute: 1.5 }, ["tables of work"]],
    [
      "memory that grows in steps again and again",
      { stepMib: 20, steps: 3 },
      ["memory of worker-1", "memory of all roles"],
    ],
    [
      "memory that grows once by more than a young space",
      { stepMib: 120, steps: 1 },
      ["memory of worker-1", "memory of all roles"],
    ],
    ["dead rows that nobody clears away", { deadPerMinute: 2_000 }, ["dead rows"]],
    ["many dead rows, however steady", { deadRows: 150_000 }, ["dead rows"]],
    ["rows of history that take more and more", { bytesPerRow: 1_200 }, ["history"]],
  ])("finds %s", (_, planted, found) => {
    expect(broken(planted)).toEqual(found);
  });

  test("lets pass what grows by less than it is asked for", () => {
    expect(broken({ mibPerMinute: 0.6, latencyGainMs: 1, p99GainMs: 50, workMibPerMinute: 0.5 })).toEqual([]);
  });

  test("lets pass a stall of the machine that ends", () => {
    expect(broken({ stalledMinutes: 3 })).toEqual([]);
  });

  test("lets pass a young space that grows once, and what dies in a minute", () => {
    expect(broken({ stepMib: 50, steps: 1, deadRows: 30_000 })).toEqual([]);
  });

  test("that ended within its warm-up is no steady one", () => {
    expect(judgeSteadiness(soak({}).slice(0, 10), WARM_UP_MS).every(({ isMet }) => !isMet)).toBe(true);
  });
});
