import { setImmediate as endOfTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "#server/process/clock.ts";
import { sleepUntil } from "#server/process/sleep-until.ts";

/** A clock that goes on by `stepMs` with each look. */
const makeClock = (startMs: number, stepMs: number) => {
  let ms = startMs - stepMs;
  const monotonicMs = () => {
    ms += stepMs;
    return ms;
  };
  return { ...systemClock, monotonicMs };
};

// First: Node says it once in a process.
test("a time that comes between two looks at the clock makes no timer of the past", async () => {
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.name);
  process.on("warning", note);
  try {
    await sleepUntil(1, makeClock(0.999, 0.002));
    await sleepUntil(1, makeClock(1.001, 0.002));
    await endOfTurn();
  } finally {
    process.off("warning", note);
  }
  expect(warnings).toEqual([]);
});

test("waits on after a timer that went off early", async () => {
  const looks: number[] = [];
  const clock = makeClock(0, 4);
  const monotonicMs = () => {
    const ms = clock.monotonicMs();
    looks.push(ms);
    return ms;
  };
  await sleepUntil(10, { ...clock, monotonicMs });
  expect(looks).toEqual([0, 4, 8, 12]);
});
