import type { JobName } from "#server/jobs.ts";
import type { MakeTask } from "./task.ts";
import { cancelWaitingTask } from "./tasks/cancel-waiting.ts";
import { deliverTask } from "./tasks/deliver.ts";
import { deliverSlowTask } from "./tasks/deliver-slow.ts";
import { maintainPartitionsTask } from "./tasks/maintain-partitions.ts";
import { purgeExpiredTask } from "./tasks/purge-expired.ts";
import { releaseHeldTask } from "./tasks/release-held.ts";
import { rerouteRequestTask } from "./tasks/reroute-request.ts";

/** Which runner works which jobs: each has its own slots, so that no kind of job can take another's. */
export const taskList = {
  house: {
    "reroute-request": rerouteRequestTask,
    "release-held": releaseHeldTask,
    "cancel-waiting": cancelWaitingTask,
    "maintain-partitions": maintainPartitionsTask,
    "purge-expired": purgeExpiredTask,
  },
  fast: { deliver: deliverTask },
  slow: { "deliver-slow": deliverSlowTask },
} satisfies Record<string, Partial<Record<JobName, MakeTask>>>;
