// Bodies that cost the door's thread some milliseconds are judged one by one, with all other requests served in between.
import { makeTurns } from "#server/shares/turns.ts";

/** To look through as much takes about a millisecond. */
const HEAVY_BYTES = 256 * 1024;
/** Compressed, a hundred times as much may come out. */
const HEAVY_COMPRESSED_BYTES = 1024;

export interface HeavyTurns {
  /** `work` at once for a light body, in its team's turn for a heavy one; null when the team's line is full. */
  run<T>(teamId: string, body: { bytes: number; isCompressed: boolean }, work: () => T | Promise<T>): Promise<T | null>;
}

export function makeHeavyTurns(): HeavyTurns {
  // Two, so that one may be inflated while the other is looked through.
  const turns = makeTurns({ max: 2, maxPerTeam: 1, maxWaitingPerTeam: 1_000 });
  return {
    async run(teamId, { bytes, isCompressed }, work) {
      if (bytes <= (isCompressed ? HEAVY_COMPRESSED_BYTES : HEAVY_BYTES)) return work();
      const taken = await turns.take(teamId);
      if (taken.kind !== "turn") return null;
      try {
        await new Promise((resolve) => setImmediate(resolve));
        return await work();
      } finally {
        taken.done();
      }
    },
  };
}
