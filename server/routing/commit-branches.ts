// Commits judged branches as rows, with the deduplication keys that they claim, in one transaction.
import type { DatabaseTime } from "#server/database/database-time.ts";
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import type { LaneInboxes } from "#server/events/handed-over.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { judgedDuplicate } from "#server/judging/judge.ts";
import { type Branch, type DeliveringBranch, type IgnoredBranch, toEvent, toIgnored } from "./branch.ts";
import { claimDedupeKeys, type DedupeClaim } from "./dedupe-keys.sql.ts";
import { type HandOver, prepareHandOver } from "./hand-over.ts";
import type { NewEvent, NewIgnoredEvent, Rows } from "./route.sql.ts";

/** A branch with the row of a list that it deletes. */
export type TakenBranch = Branch & { takenId: string };

interface CommitTools {
  pool: Pool;
  databaseTime: DatabaseTime;
  wakeLanes: (destinationIds: Set<string>) => Promise<void>;
  inboxes: LaneInboxes;
}

interface WriteOptions {
  /** Whether the write has to return the ids of the events that it inserted, and to wait for the disk: they are sent at once. */
  asksForInserted: boolean;
  /** Whether the write is a part of a transaction, which ends when it fails. */
  isInTransaction: boolean;
}

export type Write<T> = (
  db: Queryable,
  rows: Rows,
  options: WriteOptions,
) => Promise<{ written: T; insertedIds: string[] }>;

/**
 * Writes branches with `write`. After the commit, those that deliver are handed over to their lanes, or the lanes are woken.
 * @param takenIds rows of the list that are finished, also those without a branch
 * @param requests those of the branches that were loaded, by id
 */
export async function commitBranches<T>(
  { pool, databaseTime, wakeLanes, inboxes }: CommitTools,
  branches: TakenBranch[],
  takenIds: string[],
  write: Write<T>,
  requests: ReadonlyMap<string, StoredRequest> = new Map(),
): Promise<T> {
  let handOver: HandOver | undefined;
  const claims = toClaims(branches);
  const isInTransaction = claims.length > 0;
  const writeRows = (db: Queryable, settled: TakenBranch[]) => {
    const now = new Date(databaseTime.earliestMs());
    const delivering = settled.filter(isDelivering);
    const events = delivering.map((branch) => withTaken(branch, toEvent(branch, now)));
    const ignored = settled.filter(isIgnored).map((branch) => withTaken(branch, toIgnored(branch)));
    handOver = prepareHandOver(inboxes, events, requests, now);
    return write(db, { events, ignored, takenIds }, { asksForInserted: handOver.isAsked, isInTransaction });
  };
  const commit = isInTransaction
    ? inTransaction(pool, async (client) => {
        const holders = await claimDedupeKeys(client, claims);
        return writeRows(
          client,
          branches.map((branch) => withHolder(branch, holders)),
        );
      })
    : writeRows(pool, branches);
  const { written, insertedIds } = await commit.catch((error) => {
    handOver?.failed();
    throw error;
  });
  const toWake = handOver?.inserted(new Set(insertedIds));
  if (toWake && toWake.size > 0) await wakeLanes(toWake);
  return written;
}

const isDelivering = (branch: TakenBranch): branch is TakenBranch & DeliveringBranch =>
  branch.judgement.kind === "deliver";
const isIgnored = (branch: TakenBranch): branch is TakenBranch & IgnoredBranch => branch.judgement.kind === "ignored";

const withTaken = <Row extends NewEvent | NewIgnoredEvent>({ takenId }: TakenBranch, row: Row) => ({
  ...row,
  taken_id: takenId,
});

const claimKey = (connectionId: string, keyHash: string) => `${connectionId}:${keyHash}`;

/** One claim per key: the first of several copies in the batch. */
function toClaims(branches: Branch[]): DedupeClaim[] {
  const claims = new Map<string, DedupeClaim>();
  for (const { request, connection, judgement } of branches) {
    if (!judgement.dedupe) continue;
    const { keyHash, windowMs } = judgement.dedupe;
    const [team_id, request_id] = request.key;
    const key = claimKey(connection.id, keyHash);
    const earlier = claims.get(key);
    if (earlier && earlier.request_id < request_id) continue;
    const first_at = request.created_at;
    const expires_at = new Date(first_at.getTime() + windowMs);
    claims.set(key, { team_id, connection_id: connection.id, key_hash: keyHash, request_id, first_at, expires_at });
  }
  return [...claims.values()];
}

function withHolder(branch: TakenBranch, holders: Map<string, string>): TakenBranch {
  const { dedupe } = branch.judgement;
  const holder = dedupe && holders.get(claimKey(branch.connection.id, dedupe.keyHash));
  const [, requestId] = branch.request.key;
  if (!holder || holder === requestId) return branch;
  return { ...branch, judgement: { ...judgedDuplicate(dedupe, holder), facts: branch.judgement.facts } };
}
