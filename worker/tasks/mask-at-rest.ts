import { addJobStatement, jobs, waitingJobStatement } from "#server/jobs.ts";
import { unmaskedTeams } from "#server/masking/masks.sql.ts";
import { task } from "#worker/task.ts";

export const maskAtRestTask = task("mask-at-rest", async ({ pool }) => {
  for (const teamId of await unmaskedTeams(pool)) {
    // Many requests whose events do not end make a walk longer than a minute. Begun anew it would take the place of the one
    // under way, and never come to the end.
    const { rowCount } = await pool.query(waitingJobStatement(jobs["mask-team"].key({ teamId })));
    if (!rowCount) await pool.query(addJobStatement("mask-team", { teamId }));
  }
});
