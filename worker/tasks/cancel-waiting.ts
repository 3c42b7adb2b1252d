import { cancelWaiting } from "#server/events/release-held.ts";
import { task } from "#worker/task.ts";

export const cancelWaitingTask = task("cancel-waiting", ({ pool }, branch) => cancelWaiting(pool, branch));
