// Releases of many events, a page at a time. Two slots and one database serve all teams: a release rests between its pages, and
// after a second it gives its slot to those that wait.
import type { Clock } from "#server/process/clock.ts";

export interface ReleaseSlice {
  /**
   * Moves pages until one is not full, or until the slice is over. True when something is left. What is called again goes on with
   * the same slice.
   * @param movePage says whether the page was full
   */
  run(movePage: () => Promise<boolean>): Promise<boolean>;
}

const SLICE_MS = 1_000;
/** As a multiple of what the page before took: a release takes a third of the time at most. */
const REST_SHARE = 2;

export function makeReleaseSlice(clock: Clock): ReleaseSlice {
  // From the first page on: a slice moves something however long the look for what is held took, or it would never end.
  let startedAtMs: number | null = null;
  let restMs = 0;
  const rest = () => new Promise<void>((resolve) => clock.after(restMs, resolve));
  return {
    async run(movePage) {
      for (;;) {
        if (restMs > 0) await rest();
        const pageAtMs = clock.monotonicMs();
        startedAtMs ??= pageAtMs;
        if (pageAtMs - startedAtMs >= SLICE_MS) return true;
        const isFull = await movePage();
        restMs = (clock.monotonicMs() - pageAtMs) * REST_SHARE;
        if (!isFull) return false;
      }
    },
  };
}
