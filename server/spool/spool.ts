// The spool of a gateway, put together: the door's writer over it, the drainer behind it, and what operators see of it. Loaded only
// where SPOOL_URL is set. docs/decisions/115-spool.md
import { setTimeout as sleep } from "node:timers/promises";
import { makeByteSeals } from "#server/crypto/byte-seal.ts";
import { makePool } from "#server/database/db.ts";
import { WAIT_FOR_STANDBYS } from "#server/database/wait-for-standbys.sql.ts";
import type { RoleEnv } from "#server/env.ts";
import type { SpoolSettings } from "#server/env-spool.ts";
import { type AcceptWriter, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { makeDrainer } from "./drainer.ts";
import { SPOOL_KEY_PURPOSE, sealArrival } from "./sealed-arrival.ts";
import { isFull, isRefusal, openSpoolStream } from "./spool-stream.ts";
import { makeSpoolingWriter } from "./spooling-writer.ts";
import { makeTeamBytes } from "./team-bytes.ts";

const IDLE_MS = 2_000;
const RETRY_MS = 100;
/** With so few messages left new requests are held until they are drained. */
const NEARLY_EMPTY = 400;
/** How long they are held. */
const HOLD_MS = 1_000;
/** A spool that is away for less may come back, with earlier requests in it. */
const LOST_MS = 5_000;
const CLOSE_PATIENCE_MS = 1_000;
/** How often a stream that was full is looked at. */
const ROOM_LOOK_MS = 1_000;

export interface SpoolFigures {
  isThere: boolean;
  isSpooling: boolean;
  messages: number;
  bytes: number;
  spooled: number;
  refused: number;
  drained: number;
  unusable: number;
}

export interface Spool {
  /** Stores in the database, and while that is away in the spool. */
  writer: AcceptWriter;
  /** Whether the door can take requests without the database: the stream is there, had room at the last try, and not all too long. */
  takes(): boolean;
  figures(): SpoolFigures;
  /** Ends the draining; what is in the spool stays there. */
  close(): Promise<void>;
}

export interface SpoolOptions {
  settings: SpoolSettings;
  env: Pick<RoleEnv, "databaseUrl" | "secret" | "otherSecret">;
  writer: AcceptWriter;
  log: Log;
  /** Called when requests have come from the spool into the database. */
  onStored: (arrivals: readonly Arrival[]) => void;
}

export function makeSpool({ settings, env, writer: direct, log, onStored }: SpoolOptions): Spool {
  const seals = makeByteSeals(SPOOL_KEY_PURPOSE, env.secret, env.otherSecret);
  const stream = openSpoolStream(settings, log);
  const pool = makePool(env.databaseUrl, "drains", 1, { timeoutMs: PATIENCE_MS });
  const drainer = makeDrainer({ stream, seals, pool, log, onStored });
  const teamBytes = makeTeamBytes(settings.maxBytes);
  const refusals = makeSeldom();
  let wasFull = false;
  let lookedForRoomAtMs = Number.NEGATIVE_INFINITY;
  const writer = makeSpoolingWriter({
    writer: direct,
    log,
    onBegin: () => wake(),
    async put(arrival) {
      try {
        const sealed = sealArrival(seals, arrival);
        if (stream.lostForMs() > LOST_MS) throw new Error("It is away.");
        if (sealed.length > stream.maxMessageBytes()) throw new Error("The request is too large for it.");
        if (!teamBytes.take(arrival.team_id, sealed.length)) throw new Error("The team has used up its part.");
        await stream.put(arrival.team_id, arrival.id, sealed).catch((error: unknown) => {
          if (isRefusal(error)) teamBytes.giveBack(arrival.team_id, sealed.length);
          if (isFull(error)) wasFull = true;
          throw error;
        });
        wasFull = false;
      } catch (error) {
        const times = refusals(performance.now());
        if (times !== null) log.warn({ reason: (error as Error).message, times }, "The spool did not take a request.");
        throw error;
      }
    },
  });

  /** Until nothing is left of what was there at the start. Other gateways may go on putting more behind it. */
  async function drainRest(deadlineMs: number): Promise<boolean> {
    const { lastSeq } = await stream.look();
    while (performance.now() < deadlineMs) {
      const outcome = await drainer.turn();
      if (outcome === "empty" || (outcome === "drained" && drainer.state().firstSeq > lastSeq)) return true;
      if (outcome !== "drained") await sleep(10);
    }
    return false;
  }

  const end = () =>
    writer.tryToEnd(async () => {
      const late = sleep(HOLD_MS, false);
      const isDrained = await Promise.race([drainRest(performance.now() + HOLD_MS).catch(() => false), late]);
      if (isDrained) {
        teamBytes.clear();
        wasFull = false;
      }
      return isDrained;
    });

  /** The spool has gone. If the database commits, requests go there, though what lies in the spool comes later than they. */
  async function endWithoutSpool(): Promise<void> {
    const isBack = await pool.query(`select ${WAIT_FOR_STANDBYS}`).then(
      () => true,
      () => false,
    );
    if (isBack) await writer.tryToEnd(async () => true);
  }

  /** Nobody sends to a gateway that is not ready: it has to see for itself that there is room again. */
  async function lookForRoom(): Promise<void> {
    if (!wasFull || performance.now() - lookedForRoomAtMs < ROOM_LOOK_MS) return;
    lookedForRoomAtMs = performance.now();
    if (await stream.hasRoom().catch(() => false)) wasFull = false;
  }

  /** One step; resolves to how long the next one can wait. */
  async function step(): Promise<number> {
    await lookForRoom();
    if (!stream.isUsable()) {
      if (writer.isSpooling() && stream.lostForMs() > LOST_MS) await endWithoutSpool();
      return RETRY_MS;
    }
    if (!writer.isSpooling()) {
      if (!(await drainer.hasWork().catch(() => false))) return IDLE_MS;
      // Left by another process, or by this one before.
      writer.beginSpooling("The spool holds requests");
    }
    const outcome = await drainer.turn();
    const isNearlyEmpty = drainer.state().messages - drainer.unusable() <= NEARLY_EMPTY;
    if (outcome === "empty" || (outcome === "drained" && isNearlyEmpty)) await end();
    return outcome === "drained" ? 0 : RETRY_MS;
  }

  let isClosing = false;
  async function run(): Promise<void> {
    while (!isClosing) {
      const waitMs = await step();
      if (waitMs > 0 && !isClosing) await rest(waitMs);
    }
  }

  let wake = () => {};
  /** A while, or less when the door begins to spool or the gateway stops. */
  async function rest(ms: number): Promise<void> {
    const ending = new AbortController();
    wake = () => ending.abort();
    await sleep(ms, undefined, { signal: ending.signal }).catch(() => {});
  }

  const running = run();
  return {
    writer,
    takes: () => stream.isUsable() && !wasFull && !writer.isOver(),
    figures: () => ({
      isThere: stream.isUsable(),
      isSpooling: writer.isSpooling(),
      ...writer.counts(),
      messages: drainer.state().messages,
      bytes: drainer.state().bytes,
      drained: drainer.drained(),
      unusable: drainer.unusable(),
    }),
    async close() {
      isClosing = true;
      wake();
      await Promise.race([running, sleep(CLOSE_PATIENCE_MS)]);
      await stream.close();
      await pool.end();
    },
  };
}
