// Time that a test moves by hand.
import { setImmediate as endOfTurn } from "node:timers/promises";
import type { Clock } from "#server/process/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time on, timer by timer; what a timer sets off goes on before the next one. Resolves when `ms` have passed. */
  advance(ms: number): Promise<void>;
  /** Timers that are set. */
  timers(): number;
}

export function makeFakeClock(startMs = 1_760_000_000_000): FakeClock {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; run: () => void }>();
  const nextBy = (untilMs: number) =>
    [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    after(delayMs, run) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await endOfTurn();
      for (let timer = nextBy(untilMs); timer; timer = nextBy(untilMs)) {
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.run();
        await endOfTurn();
      }
      nowMs = untilMs;
    },
    timers: () => timers.size,
  };
}
