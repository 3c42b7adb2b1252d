import { addJobStatement, jobs, waitingJobStatement } from "#server/jobs.ts";
import { maskAtRest } from "#server/masking/mask-at-rest.ts";
import { systemClock } from "#server/process/clock.ts";
import { task } from "#worker/task.ts";

export const maskAtRestTask = task("mask-at-rest", async ({ pool, log, now }, { after }) => {
  // Many requests whose events do not end make a walk longer than a minute. Begun anew it would take the place of the one under
  // way, and never come to the teams at its end.
  if (!after && (await pool.query(waitingJobStatement(jobs["mask-at-rest"].key({ after })))).rowCount) return;
  const last = await maskAtRest({ pool, log, now, clock: systemClock }, after);
  if (last) await pool.query(addJobStatement("mask-at-rest", { after: last }));
});
