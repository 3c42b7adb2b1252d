import { forwardDeadLetters } from "#server/delivery/forward-dead-letters.ts";
import { task } from "#worker/task.ts";

export const forwardDeadLettersTask = task("forward-dead-letters", ({ pool, log, lanes }) =>
  forwardDeadLetters({ pool, log, wakeLanes: lanes.wake }),
);
