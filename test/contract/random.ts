// Choices that a seed decides.
import fc from "fast-check";
import { seeded } from "#test/support/seeded.ts";

export type Random = ReturnType<typeof makeRandom>;

const SAMPLES = 20;

export function makeRandom(seed: number) {
  const next = seeded(seed);
  const samples = new Map<string, string[]>();
  const below = (count: number) => Math.floor(next() * count);
  function pick<T>(of: readonly T[]): T {
    if (of.length === 0) throw new Error("There is nothing to choose from.");
    return of[below(of.length)] as T;
  }
  return {
    below,
    /** A whole number of both ends. */
    between: (least: number, most: number) => least + below(most - least + 1),
    isOneOf: (share: number) => next() < share,
    pick,
    /** A text that fits the pattern. Few are made of each, since they cost. */
    matching(pattern: string): string {
      let some = samples.get(pattern);
      if (!some) {
        some = fc.sample(fc.stringMatching(new RegExp(pattern, "u"), { size: "small" }), { seed, numRuns: SAMPLES });
        samples.set(pattern, some);
      }
      return pick(some);
    },
  };
}
