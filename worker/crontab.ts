import type { JobName } from "#server/jobs.ts";
import { PURGE_AT } from "#server/retention/purge-time.ts";

/** When recurring jobs run, in UTC; see graphile-worker's crontab format. Partitions are also made when the worker starts. */
const entries: [schedule: string, job: JobName][] = [
  ["17 * * * *", "maintain-partitions"],
  [`${PURGE_AT.minute} ${PURGE_AT.hour} * * *`, "purge-expired"],
  ["*/5 * * * *", "fold-rollups"],
  ["* * * * *", "sample-queues"],
  ["* * * * *", "mask-at-rest"],
  ["* * * * *", "end-tunnels"],
  ["* * * * *", "watch-issues"],
];

export const crontab = entries.map(([schedule, job]) => `${schedule} ${job}`).join("\n");
