// Turns of heavy bodies. Those that cost the door's thread some milliseconds are judged one by one, and other requests are
// served in between.
import { makeTurns } from "#server/shares/turns.ts";

/** To read this much takes about a millisecond. */
const HEAVY_BYTES = 256 * 1024;
/** A compressed body may give a hundred times as much. */
const HEAVY_COMPRESSED_BYTES = 1024;

export interface HeavyTurns {
  /** Runs `work` at once for a light body, and in its team's turn for a heavy one. Null when the team's line is full. */
  run<T>(teamId: string, body: { bytes: number; isCompressed: boolean }, work: () => T | Promise<T>): Promise<T | null>;
}

export function makeHeavyTurns(): HeavyTurns {
  // Two turns, so that one body may be inflated while another is read.
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
