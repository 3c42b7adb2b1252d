// Failures of the door's commits: counted, said in the log now and then, and remembered for `/readyz`.
import { AWAY_CAUSES, type AwayCause, awayCause } from "#server/errors/away-cause.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { type Clock, systemClock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";

/**
 * A gateway that calls itself not ready may be sent nothing, and only a commit can tell whether the trouble is over. So it
 * calls itself ready again after this time without a failure.
 */
const REMEMBERED_MS = 5_000;

export interface CommitTrouble {
  /** A commit went through. */
  stored(): void;
  /** A commit failed, or nobody knows. It may be one of several tries. */
  failed(error: unknown): void;
  /** Null when the last commit went through, or failed more than five seconds ago. */
  current(): AwayCause | null;
  /** The failures since the start of the process. */
  counts(): ReadonlyMap<AwayCause, number>;
}

export function makeCommitTrouble(log: Log, clock: Pick<Clock, "monotonicMs"> = systemClock): CommitTrouble {
  const causes = Object.keys(AWAY_CAUSES) as AwayCause[];
  const counts = new Map(causes.map((cause) => [cause, 0]));
  const seldom = new Map(causes.map((cause) => [cause, makeSeldom()]));
  let last: { cause: AwayCause; atMs: number } | null = null;

  return {
    stored() {
      last = null;
    },
    failed(error) {
      const cause = isDatabaseAway(error) ? awayCause(error) : null;
      if (!cause) return;
      const atMs = clock.monotonicMs();
      last = { cause, atMs };
      counts.set(cause, (counts.get(cause) ?? 0) + 1);
      const times = seldom.get(cause)?.(atMs) ?? null;
      if (times === null) return;
      // Postgres comes back by itself, space on a disk does not.
      const level = cause === "disk_full" ? "error" : "warn";
      log[level](
        { cause, error: (error as Error).message, times },
        `${AWAY_CAUSES[cause]} Requests wait for it; what it does not take in time is answered 503.`,
      );
    },
    current: () => (last && clock.monotonicMs() - last.atMs < REMEMBERED_MS ? last.cause : null),
    counts: () => counts,
  };
}
