import { releaseHeld } from "#server/events/release-held.ts";
import { task } from "#worker/task.ts";

export const releaseHeldTask = task("release-held", ({ pool, config, lanes }, { connectionId }) =>
  releaseHeld({ pool, config, wakeLanes: lanes.wake }, connectionId),
);
