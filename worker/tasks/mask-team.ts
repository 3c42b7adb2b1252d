import { addJobStatement } from "#server/jobs.ts";
import { maskTeam } from "#server/masking/mask-at-rest.ts";
import { systemClock } from "#server/process/clock.ts";
import { task } from "#worker/task.ts";

export const maskTeamTask = task("mask-team", async ({ pool, log, now }, { teamId, after }) => {
  const last = await maskTeam({ pool, log, now, clock: systemClock }, teamId, after);
  // Behind the turns of all teams that wait by now.
  if (last) await pool.query(addJobStatement("mask-team", { teamId, after: last }));
});
