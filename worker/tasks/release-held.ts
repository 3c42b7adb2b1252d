import { releaseHeld } from "#server/events/release-held.ts";
import { task } from "#worker/task.ts";

export const releaseHeldTask = task("release-held", ({ pool, config, now, lanes }, { connectionId }) =>
  releaseHeld({ pool, config, now, wakeLanes: lanes.wake }, connectionId),
);
