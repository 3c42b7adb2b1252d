// Failures of deferred branches. A branch that cannot be routed is tried again, each time later. After the last try it ends
// in an ignored event that says so.
import type { ConfigSnapshot } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { idTimeMs } from "#server/ids.ts";
import { judgedIgnored } from "#server/judging/judge.ts";
import { NO_MARKS } from "./branch.ts";
import type { TakenBranch } from "./commit-branches.ts";
import { type DeferredBranch, deleteDeferred, postponeDeferred } from "./deferred-branch.sql.ts";

/** The failures, as the owner of the branch reads them. */
const FAILURES = {
  unseen: "its request could not be read",
  unjudged: "its rules could not be run",
  unstored: "its outcome could not be stored",
};
export type FailureKind = keyof typeof FAILURES;

/** 0.25, 1, 4, 16 and 64 s. */
const FIRST_WAIT_MS = 250;
const WAIT_FACTOR = 4;
const MAX_TRIES = 6;

/**
 * Notes a failure.
 *
 * @param write writes the row that a branch ends in
 * @returns how long the branch waits for its next try; null when it has ended
 */
export async function noteFailure(
  pool: Pool,
  branch: DeferredBranch,
  kind: FailureKind,
  config: ConfigSnapshot,
  write: (taken: TakenBranch | null) => Promise<void>,
): Promise<number | null> {
  const tries = branch.tries + 1;
  if (tries < MAX_TRIES) {
    const waitMs = FIRST_WAIT_MS * WAIT_FACTOR ** branch.tries;
    await postponeDeferred(pool, branch.id, waitMs);
    return waitMs;
  }
  const connection = config.connections.get(branch.connectionId);
  const detail = `Routing gave up after ${tries} tries: ${FAILURES[kind]}.`;
  const judgement = judgedIgnored("ROUTING_FAILED", detail, { step: "routing", outcome: "failed", tries });
  // The request itself may be unreadable; its id tells when it came.
  const request = { key: branch.key, event_type: null, created_at: new Date(idTimeMs(branch.key[1])) };
  try {
    await write(connection ? { request, connection, judgement, marks: NO_MARKS, takenId: branch.id } : null);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    // When not even this can be stored, for instance because the day of the request is gone, nothing is left to show.
    await deleteDeferred(pool, [branch.id]);
  }
  return null;
}
