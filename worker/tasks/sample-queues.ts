import { sampleQueues } from "#server/rollups/sample-queues.sql.ts";
import { task } from "#worker/task.ts";

export const sampleQueuesTask = task("sample-queues", ({ pool, now }) => sampleQueues(pool, now()));
