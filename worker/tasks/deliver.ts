import { task } from "#worker/task.ts";

export const deliverTask = task("deliver", (app, { destinationId }) => app.lanes.drain(destinationId, "fast"));
