// The routing loop: takes hand-offs as they come, those that it is told at once and all others by a claim. One batch takes all that
// wait, so batches grow with the load.
import { setTimeout as sleep } from "node:timers/promises";
import { intervalAfter } from "#server/batch/work-share.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { DirectHandOff } from "#server/events/direct-hand-off.ts";
import type { Log } from "#server/process/log.ts";
import { makeSignal, type Signal } from "#server/process/signal.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { CLAIM_MS, claimHandOffs, type HandOff, renewClaims } from "./hand-off.sql.ts";
import { type Router, routeHandOffs } from "./route-requests.ts";

export interface RoutingLoop {
  /** Tells the loop of a hand-off that was announced. */
  nudge(): void;
  /**
   * Routes a hand-off that is claimed for whoever is told of it. Resolves when the loop may be given another: where routing
   * failed, not before something has gone through. Never rejects.
   */
  take(handOff: DirectHandOff): Promise<void>;
  /** Finishes the batches in hand. */
  stop(): Promise<void>;
}

/** Two slots: one judges while the other waits for its commit. */
const SLOTS = 2;
const MAX_HAND_OFFS = 8;
/** A poll, because announcements may get lost and claims expire silently. */
const POLL_MS = 2_000;
const PAUSE_AFTER_FAILURE_MS = 500;

/** From the start of one batch of what was told to the start of the next: a batch of two costs little more than one. */
const TOLD_INTERVAL_MS = 3;

interface Told {
  handOff: DirectHandOff;
  done: () => void;
}

interface Slot {
  signal: Signal;
  isWaiting: boolean;
  /** What it took of what was told, until a turn has gone through: a worker that fails at once would be told nearly everything. */
  inHand: Told[];
}

export function startRoutingLoop(router: Router, log: Log): RoutingLoop {
  let isStopping = false;
  const told: Told[] = [];
  let mayTakeToldAtMs = 0;
  /** Whether the table may hold hand-offs that nobody has claimed. */
  let mayHold = true;
  let claimedAtMs = 0;
  let mayClaimAtMs = 0;
  let claimIntervalMs = 0;
  let hasTakenTold = false;
  const away = makeSeldom();
  const slots: Slot[] = Array.from({ length: SLOTS }, () => ({ signal: makeSignal(), isWaiting: false, inHand: [] }));
  const loops = slots.map((slot) => runSlot(slot));
  router.deferred.start();

  async function runSlot(slot: Slot): Promise<void> {
    while (!isStopping || told.length > 0) {
      try {
        await takeTurn(slot);
      } catch (err) {
        const sentence = "Routing failed; the requests stay handed over and are tried again";
        if (!isDatabaseAway(err)) log.error({ err }, sentence);
        else {
          const times = away(performance.now());
          if (times !== null) log.warn({ times }, sentence);
        }
        await sleep(PAUSE_AFTER_FAILURE_MS);
        mayHold = true;
      }
    }
    giveBackPlaces(slot);
  }

  function giveBackPlaces({ inHand }: Slot): void {
    for (const { done } of inHand.splice(0)) done();
  }

  /** Routes what was told or what a claim takes, in turns where there is both, or waits. */
  async function takeTurn(slot: Slot): Promise<void> {
    const nowMs = performance.now();
    const toldInMs = told.length > 0 ? mayTakeToldAtMs - nowMs : POLL_MS;
    const mayLookAtMs = mayHold ? mayClaimAtMs : Math.max(mayClaimAtMs, claimedAtMs + POLL_MS);
    // A loop that stops takes nothing more on.
    const claimInMs = isStopping ? POLL_MS : mayLookAtMs - nowMs;
    const isToldNext = toldInMs <= 0 && !(hasTakenTold && claimInMs <= 0);
    if (isToldNext) await routeTold(slot, nowMs);
    else if (claimInMs <= 0) await claimAndRoute(nowMs);
    else return rest(slot, Math.min(toldInMs, claimInMs));
    giveBackPlaces(slot);
  }

  async function rest(slot: Slot, ms: number): Promise<void> {
    slot.isWaiting = true;
    await slot.signal.wait(ms);
    slot.isWaiting = false;
  }

  async function routeTold(slot: Slot, nowMs: number): Promise<void> {
    hasTakenTold = true;
    const batch = told.splice(0, MAX_HAND_OFFS);
    slot.inHand.push(...batch);
    mayTakeToldAtMs = nowMs + TOLD_INTERVAL_MS;
    const handOffs = batch.map(({ handOff }) => handOff);
    const configVersion = handOffs.reduce((newest, one) => max(newest, one.configVersion), 0n);
    const requests = handOffs.flatMap((handOff) => handOff.requests);
    await routeHandOffs(router, handOffs.map(toHandOff), configVersion, requests);
  }

  async function claimAndRoute(nowMs: number): Promise<void> {
    hasTakenTold = false;
    mayHold = false;
    claimedAtMs = nowMs;
    mayClaimAtMs = nowMs + claimIntervalMs;
    const { handOffs, configVersion, databaseNowMs } = await claimHandOffs(router.pool, MAX_HAND_OFFS);
    if (databaseNowMs !== null) router.databaseTime.heard(databaseNowMs, nowMs);
    // A claim that was not full has taken all that there was.
    mayHold ||= handOffs.length === MAX_HAND_OFFS;
    if (handOffs.length > 0) await routeClaimed(handOffs, configVersion);
    // Under a stream of small flushes one claim takes several: its fixed cost is that of ten requests.
    claimIntervalMs = intervalAfter(performance.now() - nowMs);
    mayClaimAtMs = Math.max(mayClaimAtMs, nowMs + claimIntervalMs);
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

  /** One slot is enough. When all are busy, the first to finish looks. */
  function wakeOne(): void {
    slots.find(({ isWaiting }) => isWaiting)?.signal.raise();
  }

  return {
    nudge() {
      mayHold = true;
      wakeOne();
    },
    take(handOff) {
      return new Promise((done) => {
        told.push({ handOff, done });
        wakeOne();
      });
    },
    async stop() {
      isStopping = true;
      for (const { signal } of slots) signal.raise();
      await Promise.all(loops);
      await router.deferred.stop();
    },
  };
}

/** As a claim returns it. */
const toHandOff = ({ id, requests, marks }: DirectHandOff): HandOff => ({
  id,
  requests: requests.map(({ team_id, id, source_id }) => [team_id, id, source_id] as const),
  heads: requests.map(({ event_type }, i) => [event_type, marks[i] ?? false] as const),
});

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
