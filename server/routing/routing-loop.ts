// The routing loop: takes hand-offs as they come. One claim takes all that wait, so batches grow with the load.
import { setTimeout as sleep } from "node:timers/promises";
import { intervalAfter } from "#server/batch/work-share.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { Log } from "#server/process/log.ts";
import { makeSignal, type Signal } from "#server/process/signal.ts";
import { sleepUntil } from "#server/process/sleep-until.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { CLAIM_MS, claimHandOffs, type HandOff, renewClaims } from "./hand-off.sql.ts";
import { type Router, routeHandOffs } from "./route-requests.ts";

export interface RoutingLoop {
  /** Tells the loop of a hand-off that was announced. */
  nudge(): void;
  /** Finishes the batches in hand. */
  stop(): Promise<void>;
}

/** Two slots: one judges while the other waits for its commit. */
const SLOTS = 2;
const MAX_HAND_OFFS = 8;
/** A poll, because announcements may get lost and claims expire silently. */
const POLL_MS = 2_000;
const PAUSE_AFTER_FAILURE_MS = 500;
interface Slot {
  signal: Signal;
  isWaiting: boolean;
}

export function startRoutingLoop(router: Router, log: Log): RoutingLoop {
  let isStopping = false;
  let mayClaimAtMs = 0;
  let intervalMs = 0;
  /** Slots that are about to claim, and so need not be told of what comes. */
  let claimingSoon = 0;
  let hasNews = false;
  const away = makeSeldom();
  const slots: Slot[] = Array.from({ length: SLOTS }, () => ({ signal: makeSignal(), isWaiting: false }));
  const loops = slots.map((slot) => runSlot(slot));
  router.deferred.start();

  async function runSlot(slot: Slot): Promise<void> {
    while (!isStopping) {
      try {
        const startedAtMs = await untilMayClaim();
        const { handOffs, configVersion } = await claimHandOffs(router.pool, MAX_HAND_OFFS);
        if (handOffs.length > 0) await routeClaimed(handOffs, configVersion);
        // Under a stream of small flushes one claim takes several: its fixed cost is that of ten requests.
        intervalMs = intervalAfter(performance.now() - startedAtMs);
        mayClaimAtMs = Math.max(mayClaimAtMs, startedAtMs + intervalMs);
        // A claim that was not full has taken all that there was.
        if (handOffs.length < MAX_HAND_OFFS && !hasNews) await rest(slot);
      } catch (err) {
        const sentence = "Routing failed; the requests stay handed over and are tried again";
        if (!isDatabaseAway(err)) log.error({ err }, sentence);
        else {
          const times = away(performance.now());
          if (times !== null) log.warn({ times }, sentence);
        }
        await sleep(PAUSE_AFTER_FAILURE_MS);
      }
    }
  }

  /** Resolves to the time of the claim that may be made now. */
  async function untilMayClaim(): Promise<number> {
    claimingSoon++;
    // The other slot may have claimed meanwhile.
    while (performance.now() < mayClaimAtMs) await sleepUntil(mayClaimAtMs);
    claimingSoon--;
    hasNews = false;
    const nowMs = performance.now();
    mayClaimAtMs = nowMs + intervalMs;
    return nowMs;
  }

  async function rest(slot: Slot): Promise<void> {
    slot.isWaiting = true;
    await slot.signal.wait(POLL_MS);
    slot.isWaiting = false;
  }

  async function routeClaimed(handOffs: HandOff[], configVersion: bigint): Promise<void> {
    const ids = handOffs.map(({ id }) => id);
    const renewal = setInterval(() => {
      renewClaims(router.pool, ids).catch((error: Error) =>
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
      if (claimingSoon > 0) return;
      // One slot is enough. When all are busy, the first to finish looks.
      const slot = slots.find(({ isWaiting }) => isWaiting);
      if (slot) slot.signal.raise();
      else hasNews = true;
    },
    async stop() {
      isStopping = true;
      for (const { signal } of slots) signal.raise();
      await Promise.all(loops);
      await router.deferred.stop();
    },
  };
}
