import { releaseGroups } from "#server/events/release-groups.ts";
import { task } from "#worker/task.ts";

export const releaseGroupsTask = task("release-groups", ({ pool, config, lanes }, { destinationId }) =>
  releaseGroups({ pool, config, wakeLanes: lanes.wake }, destinationId),
);
