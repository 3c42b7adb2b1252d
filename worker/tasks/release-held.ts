import { releaseHeld } from "#server/delivery/sweep.ts";
import { task } from "../task.ts";

export const releaseHeldTask = task("release-held", ({ pool, log, lanes }, { connectionId }) =>
  releaseHeld({ pool, log, wakeLanes: lanes.wake }, connectionId),
);
