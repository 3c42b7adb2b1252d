import { forwardDeadLetters } from "#server/delivery/forward-dead-letters.ts";
import { addJobStatement } from "#server/jobs.ts";
import { systemClock } from "#server/process/clock.ts";
import { task } from "#worker/task.ts";

export const forwardDeadLettersTask = task("forward-dead-letters", async ({ pool, log, lanes }) => {
  const mayBeMore = await forwardDeadLetters({ pool, log, clock: systemClock, wakeLanes: lanes.wake });
  if (mayBeMore) await pool.query(addJobStatement("forward-dead-letters", {}));
});
