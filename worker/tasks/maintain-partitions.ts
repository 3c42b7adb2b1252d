import { daysAhead, ensurePartitions, listPartitions } from "#server/retention/partitions.ts";
import { task } from "#worker/task.ts";

const ALARM_DAYS = 2;

export const maintainPartitionsTask = task("maintain-partitions", async ({ pool, log, now }) => {
  const nowMs = now().getTime();
  const made = await ensurePartitions(pool, nowMs);
  if (made.length > 0) log.info({ made }, "Partitions were made ahead");
  const days = daysAhead(await listPartitions(pool), nowMs);
  if (days < ALARM_DAYS)
    log.error({ days }, "Partitions are running out: requests will be refused when the last day is over");
});
