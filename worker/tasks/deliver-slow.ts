import { task } from "#worker/task.ts";

export const deliverSlowTask = task("deliver-slow", (app, { destinationId }) => app.lanes.drain(destinationId, "slow"));
