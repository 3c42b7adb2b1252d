// Commits judged branches as rows, with the deduplication keys that they claim, in one transaction.
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { judgedDuplicate } from "#server/judging/judge.ts";
import { type Branch, type DeliveringBranch, type IgnoredBranch, toEvent, toIgnored } from "./branch.ts";
import { claimDedupeKeys, type DedupeClaim, type NewEvent, type NewIgnoredEvent, type Rows } from "./route.sql.ts";

/** A branch with the row of a list that it deletes. */
export type TakenBranch = Branch & { takenId: string };

/**
 * Writes branches with `write`, and wakes the lanes of those that deliver after the commit.
 * @param takenIds rows of the list that are finished, also those without a branch
 */
export async function commitBranches<T>(
  { pool, now, wakeLanes }: { pool: Pool; now: () => Date; wakeLanes: (destinationIds: Set<string>) => Promise<void> },
  branches: TakenBranch[],
  takenIds: string[],
  write: (db: Queryable, rows: Rows) => Promise<T>,
): Promise<T> {
  const withWork = new Set<string>();
  const writeRows = (db: Queryable, settled: TakenBranch[]) => {
    const delivering = settled.filter(isDelivering);
    const events = delivering.map((branch) => withTaken(branch, toEvent(branch, now())));
    for (const event of events) if (event.status !== "HOLD") withWork.add(event.destination_id);
    const ignored = settled.filter(isIgnored).map((branch) => withTaken(branch, toIgnored(branch)));
    return write(db, { events, ignored, takenIds });
  };
  const claims = toClaims(branches);
  const written =
    claims.length === 0
      ? await writeRows(pool, branches)
      : await inTransaction(pool, async (client) => {
          const holders = await claimDedupeKeys(client, claims);
          return writeRows(
            client,
            branches.map((branch) => withHolder(branch, holders)),
          );
        });
  if (withWork.size > 0) await wakeLanes(withWork);
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
