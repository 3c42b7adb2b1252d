import { releaseHeld } from "#server/events/release-held.ts";
import { addJobStatement } from "#server/jobs.ts";
import { systemClock } from "#server/process/clock.ts";
import { task } from "#worker/task.ts";

export const releaseHeldTask = task("release-held", async ({ pool, config, lanes }, { connectionId }) => {
  const isLeft = await releaseHeld({ pool, config, clock: systemClock, wakeLanes: lanes.wake }, connectionId);
  if (isLeft) await pool.query(addJobStatement("release-held", { connectionId }));
});
