import type { JobName } from "#server/jobs.ts";
import { cancelWaitingTask } from "#worker/tasks/cancel-waiting.ts";
import { deliverTask } from "#worker/tasks/deliver.ts";
import { deliverSlowTask } from "#worker/tasks/deliver-slow.ts";
import { endTunnelsTask } from "#worker/tasks/end-tunnels.ts";
import { eraseAgainTask } from "#worker/tasks/erase-again.ts";
import { foldRollupsTask } from "#worker/tasks/fold-rollups.ts";
import { forwardDeadLettersTask } from "#worker/tasks/forward-dead-letters.ts";
import { maintainPartitionsTask } from "#worker/tasks/maintain-partitions.ts";
import { maskAtRestTask } from "#worker/tasks/mask-at-rest.ts";
import { maskTeamTask } from "#worker/tasks/mask-team.ts";
import { purgeExpiredTask } from "#worker/tasks/purge-expired.ts";
import { releaseGroupsTask } from "#worker/tasks/release-groups.ts";
import { releaseHeldTask } from "#worker/tasks/release-held.ts";
import { removeDemoTask } from "#worker/tasks/remove-demo.ts";
import { rerouteRequestTask } from "#worker/tasks/reroute-request.ts";
import { sampleQueuesTask } from "#worker/tasks/sample-queues.ts";
import { sendDemoTask } from "#worker/tasks/send-demo.ts";
import { sendMailCodeTask } from "#worker/tasks/send-mail-code.ts";
import { watchIssuesTask } from "#worker/tasks/watch-issues.ts";
import type { MakeTask } from "./task.ts";

/** The jobs of each runner. A runner has slots of its own, so no kind of job can take another's. */
export const taskList = {
  maintenance: {
    "reroute-request": rerouteRequestTask,
    "release-held": releaseHeldTask,
    "release-groups": releaseGroupsTask,
    "cancel-waiting": cancelWaitingTask,
    "erase-again": eraseAgainTask,
    "mask-at-rest": maskAtRestTask,
    "mask-team": maskTeamTask,
    "maintain-partitions": maintainPartitionsTask,
    "purge-expired": purgeExpiredTask,
    "fold-rollups": foldRollupsTask,
    "forward-dead-letters": forwardDeadLettersTask,
    "sample-queues": sampleQueuesTask,
    "send-demo": sendDemoTask,
    "remove-demo": removeDemoTask,
    "end-tunnels": endTunnelsTask,
  },
  // A look at all teams may take most of a minute.
  signals: { "watch-issues": watchIssuesTask },
  fast: { deliver: deliverTask },
  // A mail server may hang as a receiver may.
  slow: { "deliver-slow": deliverSlowTask, "send-mail-code": sendMailCodeTask },
} satisfies Record<string, Partial<Record<JobName, MakeTask>>>;
