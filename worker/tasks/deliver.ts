import { task } from "../task.ts";

export const deliverTask = task("deliver", (app, { destinationId }) => app.lanes.drain(destinationId, "fast"));
