import { minuteDays } from "#server/retention/minute-days.ts";
import { DAY_MS } from "#server/retention/partitions.ts";
import { foldRollups } from "#server/rollups/fold-rollups.ts";
import { task } from "#worker/task.ts";

export const foldRollupsTask = task("fold-rollups", ({ pool, env, now }) => {
  const startedAt = now();
  return foldRollups(pool, startedAt, new Date(startedAt.getTime() - minuteDays(env.retentionDays) * DAY_MS));
});
