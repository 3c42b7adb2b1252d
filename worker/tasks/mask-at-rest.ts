import { addJobStatement } from "#server/jobs.ts";
import { maskAtRest } from "#server/masking/mask-at-rest.ts";
import { systemClock } from "#server/process/clock.ts";
import { task } from "#worker/task.ts";

export const maskAtRestTask = task("mask-at-rest", async ({ pool, log, now }, { after }) => {
  const last = await maskAtRest({ pool, log, now, clock: systemClock }, after);
  if (last) await pool.query(addJobStatement("mask-at-rest", { after: last }));
});
