// The loops of a worker, which run until it is stopped: jobs, routing, replays, lanes, the heartbeat, the sweep, the end of pauses, and the
// listeners that wake them.
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { listen } from "#server/database/listen.ts";
import { untilDatabaseAnswers } from "#server/database/until-database.ts";
import { lapseEndpoints } from "#server/endpoints/lapse-endpoints.ts";
import { decodeHandOff } from "#server/events/direct-hand-off.ts";
import { endPauses } from "#server/events/end-pauses.sql.ts";
import { LANE_WAKE_CHANNEL } from "#server/events/wake.sql.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import { hearLocally } from "#server/process/local-line.ts";
import type { Log } from "#server/process/log.ts";
import { markOfThisProcess } from "#server/process/process-mark.ts";
import { DRAIN_MS, LAST_RESULTS_MS, TIDY_MS } from "#server/process/stop-times.ts";
import { within } from "#server/process/within.ts";
import { startReplayLoop } from "#server/replay/replay-loop.ts";
import { startRoutingLoop } from "#server/routing/routing-loop.ts";
import type { WorkerApp } from "./app.ts";
import { introduce } from "./gone-workers.sql.ts";
import { freeTheGone } from "./gone-workers.ts";
import { beat, freeWorkers } from "./liveness.sql.ts";
import { startRunners } from "./runners.ts";
import { sweep } from "./sweep.ts";

const HEARTBEAT_MS = 5_000;
const SWEEP_MS = 3_000;
const PAUSES_MS = 1_000;

export interface LoopOptions {
  /** When recurring jobs run, where not as in `crontab.ts`. */
  schedule?: string;
  /** Called when a door has handed over requests. */
  onHandOff?: () => void;
  /** Set while there are jobs whose end could not be written. They would stay locked by this living worker for hours. */
  unended?: { isKnown: boolean };
  /** Milliseconds that a stop gives to what is under way. */
  drainMs?: number;
}

/**
 * Starts the loops. The function that it resolves to stops them and waits for their end; sends still on the wire after
 * `drainMs` are broken off. Where the database does not answer, it resolves without it.
 */
export async function startLoops(
  app: WorkerApp,
  { schedule, onHandOff, unended, drainMs = DRAIN_MS }: LoopOptions = {},
): Promise<() => Promise<void>> {
  const { pool, lanes, log, config } = app;
  const { databaseUrl } = app.env;
  const mark = await markOfThisProcess();
  const introduceWith = async (runnerIds: readonly string[]) => {
    if (mark) await introduce(pool, mark, { holder: app.holder, runnerIds });
  };
  const takeOver = async () => {
    const freed = mark && (await freeTheGone(pool, mark, log));
    if (freed) await lanes.wake(freed.destinationIds);
    return freed !== null;
  };
  await untilDatabaseAnswers(() => introduceWith([]).then(takeOver), { log });
  const runners = await untilDatabaseAnswers(() => startRunners(app, schedule), { log });
  lanes.startAtOnce();
  const stopHeart = every(HEARTBEAT_MS, log, "The heartbeat was not written", async () => {
    await app.router.databaseTime.ask(pool);
    await beat(pool, runners.workerIds);
    await introduceWith(runners.workerIds);
    if (!unended?.isKnown) return;
    // A job may run again at any time: it finds in our tables what it has done already.
    await freeWorkers(pool, runners.workerIds);
    unended.isKnown = false;
  });
  const stopPauses = every(PAUSES_MS, log, "Pauses that are over could not be ended", () => endPauses(pool, app.now()));
  const stopLeases = every(PAUSES_MS, log, "Leases that are over could not be ended", () =>
    lapseEndpoints(pool, app.now()),
  );
  const routing = startRoutingLoop(app.router, log);
  const stopSweep = every(SWEEP_MS, log, "The sweep failed", async () => {
    if (await takeOver()) routing.nudge();
    await sweep({ pool, config, log, now: app.now, wakeLanes: lanes.wake });
  });
  const stopReplays = startReplayLoop(app.replays, log);
  const onNotice = () => {
    onHandOff?.();
    routing.nudge();
  };
  const onGiven = (bytes: Buffer) => {
    onHandOff?.();
    const handOff = decodeHandOff(bytes);
    // Of a gateway of another version this worker asks for no more, and claims what it was given like anybody else.
    return handOff ? routing.take(handOff) : new Promise<never>(() => {});
  };
  const hearing = hearLocally({ onTold: onNotice, onGiven }, { identify: () => askIdentity(pool) });
  const onConnect = () => {
    routing.nudge();
    // The database was away, or is another one now.
    void hearing.follow();
  };
  const stopListening = [
    listen({ databaseUrl, channel: HAND_OFF_CHANNEL, onNotice, onConnect }),
    listen({ databaseUrl, channel: LANE_WAKE_CHANNEL, onNotice: (destinationId) => lanes.wakeHere(destinationId) }),
  ];

  return async () => {
    const startedAtMs = performance.now();
    // Gateways give to other workers from now on.
    await hearing.stop();
    // A send that is broken off is made again later, and costs its event no retry.
    const breakOff = setTimeout(app.abortSends, drainMs);
    // A sweep over a slow database lasts for seconds, in which lanes would go on sending.
    const maintenance = within(drainMs, Promise.all([stopSweep(), stopPauses(), stopLeases()]));
    const hasEnded = await within(
      drainMs + LAST_RESULTS_MS,
      Promise.all([routing.stop(), runners.stop(), lanes.stop(), stopReplays()]),
    );
    clearTimeout(breakOff);
    await maintenance;
    const leave = async () => {
      await stopHeart();
      await Promise.all(stopListening.map((stop) => stop()));
      await runners.leave({ hasEnded });
    };
    // A slow database may have what the drain has left of its time. Half of the rest is for what closes after this.
    await within(Math.max(TIDY_MS / 2, drainMs - (performance.now() - startedAtMs)), leave());
  };
}

/**
 * Runs `work` at once and then `pauseMs` after each end of it; a failure is logged and tried again. Returns the function
 * that stops it.
 */
function every(pauseMs: number, log: Log, failure: string, work: () => Promise<unknown>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let current: Promise<void> = Promise.resolve();
  const turn = async () => {
    await work().catch((error: Error) => log.warn({ error: error.message }, failure));
    if (!isStopped) timer = setTimeout(again, pauseMs);
  };
  const again = () => {
    current = turn();
  };
  again();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await current;
  };
}
