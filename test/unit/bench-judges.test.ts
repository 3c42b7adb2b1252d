// What the bench judges by what others saw: each judgement is shown a bug that it must find.
import { expect, test } from "vitest";
import { judgeSwaps, type Received, TAKERS, takerOf } from "#test/bench/one-config.ts";
import { judgeProbes, type Try } from "#test/bench/probe-pace.ts";
import { longestStall } from "#test/bench/stalls.ts";

const rules = { failures: 20, concurrency: 5, probeMinMs: 30_000, probeMaxMs: 300_000 };

/** So many tries, ten milliseconds apart, then probes after these waits. */
function seen(count: number, ...waits: number[]): Try[] {
  const tries = Array.from({ length: count }, (_, n) => ({ atMs: n * 10, isProbe: false }));
  let atMs = tries.at(-1)?.atMs ?? 0;
  for (const wait of waits) {
    atMs += wait;
    tries.push({ atMs, isProbe: true });
  }
  return tries;
}

test.each([
  ["left alone", seen(22, 30_050, 60_010, 120_000), { tries: 22, probes: 3 }],
  [
    "probed at the longest wait",
    seen(20, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000),
    { tries: 20, probes: 6 },
  ],
  ["not yet probed", seen(20), { tries: 20, probes: 0 }],
  ["never tried", [], { tries: 0, probes: 0 }],
])("a dead receiver that was %s is as promised", (_, tries, pace) => {
  expect(judgeProbes(tries, rules)).toEqual({ ...pace, wrong: undefined });
});

test.each([
  ["two probes in one wait", seen(20, 30_000, 60_000, 50), "probe 3 after 50 ms"],
  ["waits that do not double", seen(20, 30_000, 30_000), "probe 2 after 30000 ms"],
  ["a probe before its time", seen(20, 20_000), "probe 1 after 20000 ms"],
  ["a breaker that opened for nothing", seen(5, 30_000), "a probe after 5 tries"],
  ["no breaker", seen(60), "60 tries that were no probes"],
  [
    "retries that pass the breaker",
    [...seen(20, 30_000), ...seen(5).map(({ atMs }) => ({ atMs: atMs + 31_000, isProbe: false }))],
    "25 tries that were no probes",
  ],
])("%s: found", (_, tries, wrong) => {
  expect(judgeProbes(tries, rules).wrong).toBe(wrong);
});

/** A change every 100 ms that takes 20, and requests every 10 ms that are judged when they are 5 old. */
function soundSwaps() {
  const swaps = Array.from({ length: 10 }, (_, number) => ({ startedMs: number * 100, answeredMs: number * 100 + 20 }));
  const sent = Array.from({ length: 90 }, (_, n) => ({ kind: n % TAKERS, sentMs: 30 + n * 10 }));
  const received = sent.map(({ kind, sentMs }, n): Received => {
    const number = swaps.findLastIndex(({ startedMs }) => startedMs + 10 <= sentMs + 5);
    return { n, connection: takerOf(kind, number), atMs: sentMs + 40 };
  });
  return { swaps, sent, received };
}
const judge = ({ swaps, sent, received }: ReturnType<typeof soundSwaps>) => judgeSwaps(swaps, sent, received);

test("requests that were each judged by one configuration of their time are as promised", () => {
  const judged = judge(soundSwaps());
  expect(judged).toMatchObject({ mixed: 0, old: 0 });
  expect(judged.decisive).toBeGreaterThan(30);
});

test.each<[string, (log: ReturnType<typeof soundSwaps>) => void, object]>([
  [
    "a request that the new connection took and the old one too",
    ({ received }) => received.push({ ...(received[3] as Received), connection: 3, atMs: 200 }),
    { mixed: 1 },
  ],
  ["a request that nobody took", ({ received }) => received.splice(3, 1), { mixed: 1 }],
  [
    "a request judged by the configuration before",
    ({ received }) =>
      Object.assign(received[2] as Received, { connection: takerOf((received[2] as Received).connection, TAKERS - 1) }),
    { old: 1 },
  ],
])("%s: found", (_, plant, judged) => {
  const log = soundSwaps();
  plant(log);
  expect(judge(log)).toMatchObject(judged);
});

test("a stall is what was waited for beyond the machine, and is found where the machine did not stall", () => {
  const each = (tookMs: (dueMs: number) => number) =>
    Array.from({ length: 200 }, (_, n) => ({ dueMs: n * 10, tookMs: tookMs(n * 10) }));
  // The machine stands still from 500 to 700: who was due in it waits for its end.
  const control = each((dueMs) => (dueMs >= 500 && dueMs < 700 ? 700 - dueMs : 1));
  expect(
    longestStall(
      each((dueMs) => (dueMs >= 500 && dueMs < 700 ? 720 - dueMs : 20)),
      control,
    ).tookMs,
  ).toBe(20);
  const locked = each((dueMs) => (dueMs >= 1_000 && dueMs < 1_300 ? 1_300 - dueMs : 20));
  expect(longestStall(locked, control)).toEqual({ dueMs: 1_000, tookMs: 299 });
  expect(longestStall([], control).tookMs).toBeNaN();
});
