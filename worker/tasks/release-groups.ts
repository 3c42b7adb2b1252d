import { releaseGroups } from "#server/events/release-groups.ts";
import { addJobStatement } from "#server/jobs.ts";
import { systemClock } from "#server/process/clock.ts";
import { task } from "#worker/task.ts";

export const releaseGroupsTask = task("release-groups", async ({ pool, config, lanes }, { destinationId }) => {
  const isLeft = await releaseGroups({ pool, config, clock: systemClock, wakeLanes: lanes.wake }, destinationId);
  if (isLeft) await pool.query(addJobStatement("release-groups", { destinationId }));
});
