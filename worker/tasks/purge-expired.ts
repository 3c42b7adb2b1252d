import { purgeExpired } from "#server/retention/purge.ts";
import { task } from "#worker/task.ts";

export const purgeExpiredTask = task("purge-expired", ({ pool, log, env, now }) =>
  purgeExpired(pool, log, { now: now(), retentionDays: env.retentionDays }),
);
