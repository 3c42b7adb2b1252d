// Takes hand-offs as they come: one claim takes all that wait, so the busier it is, the larger the batches.
import type { Log } from "../log.ts";
import { makeSignal, type Signal } from "../signal.ts";
import { CLAIM_MS, claimHandOffs, type HandOff, renewClaims } from "./hand-off.sql.ts";
import { type Router, routeHandOffs } from "./route-requests.ts";

export interface RoutingLoop {
  /** A hand-off was announced. */
  nudge(): void;
  /** Finishes the batches in hand. */
  stop(): Promise<void>;
}

/** Two, so that one judges while the other waits for its commit. */
const SLOTS = 2;
const MAX_HAND_OFFS = 8;
/** Announcements may get lost, and claims run out in silence. */
const POLL_MS = 2_000;
const PAUSE_AFTER_FAILURE_MS = 500;

export function startRoutingLoop(router: Router, log: Log): RoutingLoop {
  let isStopping = false;
  const signals = Array.from({ length: SLOTS }, makeSignal);
  const loops = signals.map((signal) => runSlot(signal));

  async function runSlot(signal: Signal): Promise<void> {
    while (!isStopping) {
      try {
        const { handOffs, configVersion } = await claimHandOffs(router.writes, MAX_HAND_OFFS);
        if (handOffs.length === 0) await signal.wait(POLL_MS);
        else await routeClaimed(handOffs, configVersion);
      } catch (err) {
        log.error({ err }, "Routing failed; the requests stay handed over and are tried again");
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
      }
    }
  }

  async function routeClaimed(handOffs: HandOff[], configVersion: bigint): Promise<void> {
    const ids = handOffs.map(({ id }) => id);
    const renewal = setInterval(() => {
      renewClaims(router.writes, ids).catch((error: Error) =>
        log.warn({ error: error.message }, "Claims were not renewed"),
      );
    }, CLAIM_MS / 3);
    try {
      await routeHandOffs(router, handOffs, configVersion);
    } finally {
      clearInterval(renewal);
    }
  }

  return {
    nudge() {
      for (const signal of signals) signal.raise();
    },
    async stop() {
      isStopping = true;
      for (const signal of signals) signal.raise();
      await Promise.all(loops);
    },
  };
}
