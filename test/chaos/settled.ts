// The wait for the end of all that was sent, and the reading of what the API then tells of it.
import { setTimeout as sleep } from "node:timers/promises";
import type { EvidenceStore } from "./evidence-store.ts";
import type { Hands } from "./hands.ts";
import type { Team, ToldFacts } from "./logs.ts";
import { countUnfinished, type Known, readEvents, readFacts, readRequests, type ToldTeam } from "./read-told.ts";

interface SettledOptions {
  fromMs: number;
  lengthMs: number;
  say: (sentence: string) => void;
  /** Called when the last delivery has ended, or patience has. */
  onDrained: () => void;
}

/** A worker that died has its lanes taken over within a lease; a retry follows within a second or so. */
const LEAST_PATIENCE_MS = 120_000;
/** What waits at the end of a long run may be a part of all that was sent. */
const PATIENCE_PER_MS = 0.25;
const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 15_000;

/** Reads until everything is at its end, or patience is; what is left then is for the checker to judge. */
export async function readSettled(
  { instance: { teams }, wiring }: Hands,
  store: EvidenceStore,
  options: SettledOptions,
): Promise<Record<Team, ToldFacts>> {
  const { fromMs, lengthMs, say } = options;
  const toldTeam = (team: Team): ToldTeam => ({ team, ...teams[team], sourceIds: wiring.sourceIds[team] });
  const [ours, theirs] = [toldTeam("ours"), toldTeam("theirs")];
  const deadline = performance.now() + Math.max(LEAST_PATIENCE_MS, PATIENCE_PER_MS * lengthMs);
  const isOver = () => performance.now() > deadline;
  const [knownOurs, knownTheirs] = await readRouted();
  await untilFinished();
  options.onDrained();
  await Promise.all([readEvents(ours, knownOurs, fromMs, store), readEvents(theirs, knownTheirs, fromMs, store)]);
  return {
    ours: await readFacts(ours, knownOurs, theirs.api, fromMs),
    theirs: await readFacts(theirs, knownTheirs, ours.api, fromMs),
  };

  async function untilFinished(): Promise<void> {
    let saidAtMs = performance.now();
    for (;;) {
      const left = (await countUnfinished(ours)) + (await countUnfinished(theirs));
      if (left === 0 || isOver()) return;
      if (performance.now() - saidAtMs > SAY_EVERY_MS) {
        say(`${left} events or more are not at an end yet.`);
        saidAtMs = performance.now();
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** What is routed has all its events, so they are waited for afterwards. */
  async function readRouted(): Promise<[Known, Known]> {
    for (;;) {
      await untilFinished();
      const known: [Known, Known] = [
        await readRequests(ours, fromMs, store),
        await readRequests(theirs, fromMs, store),
      ];
      const unrouted = known[0].unrouted + known[1].unrouted;
      if (unrouted === 0 || isOver()) return known;
      say(`${unrouted} requests are not routed yet.`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
