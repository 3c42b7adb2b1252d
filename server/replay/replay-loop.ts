// The replay loop turns the pages of bulk operations, one at a time in each worker, beside maintenance and lanes.
import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { Log } from "#server/process/log.ts";
import { makeSignal } from "#server/process/signal.ts";
import { type PageTools, runPage } from "./run-page.ts";

/** An operation that was just made waits this long at most. */
const POLL_MS = 500;
/** One that is under way waits for lines to drain, and is looked at more often. */
const POLL_UNDER_WAY_MS = 20;
const UNDER_WAY_MS = 2_000;
const PAUSE_AFTER_FAILURE_MS = 1_000;

/** Starts the loop. The function that it returns stops it and waits for the page that is being turned. */
export function startReplayLoop(tools: PageTools, log: Log): () => Promise<void> {
  const signal = makeSignal();
  let isStopping = false;
  let turnedAtMs = Number.NEGATIVE_INFINITY;

  async function turnOnAndOn(): Promise<void> {
    while (!isStopping) {
      try {
        const outcome = await runPage(tools);
        if (outcome.kind === "failed") {
          const { err, operationId } = outcome;
          log.error({ err, bulk_id: operationId }, "A page of a bulk operation failed and is tried again");
        }
        const nowMs = performance.now();
        if (outcome.kind === "turned") turnedAtMs = nowMs;
        if (outcome.kind === "idle") {
          await signal.wait(nowMs - turnedAtMs < UNDER_WAY_MS ? POLL_UNDER_WAY_MS : POLL_MS);
        }
      } catch (err) {
        if (!isDatabaseAway(err)) log.error({ err }, "Bulk operations could not be looked at; trying again");
        await sleep(PAUSE_AFTER_FAILURE_MS);
      }
    }
  }

  const loop = turnOnAndOn();
  return async () => {
    isStopping = true;
    signal.raise();
    await loop;
  };
}
