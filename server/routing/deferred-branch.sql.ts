// Deferred branches: each is a row that names its team, so teams can take turns and a branch that fails holds up no other.
// A claim postpones the row; only the statement that writes the branch deletes it.
import { CLAIMANT, type Queryable } from "#server/database/db.ts";
import { CLAIM_MS, type RequestKey } from "./hand-off.sql.ts";

export interface NewDeferredBranch {
  team_id: string;
  request_id: string;
  source_id: string;
  connection_id: string;
  /** Null where the request was not loaded. */
  body_bytes: number | null;
  is_replay: boolean;
  is_forced?: boolean;
  /** Whether later requests of the source wait for this branch. */
  is_ordered: boolean;
  /** Whether this process claims the row as it writes it. */
  is_claimed: boolean;
}

export interface DeferredBranch {
  id: string;
  key: RequestKey;
  connectionId: string;
  bodyBytes: number;
  isReplay: boolean;
  /** Whether the branch is sent although its filter does not pass it. */
  isForced: boolean;
  /** The number of failures. */
  tries: number;
  isClaimed: boolean;
}

// A row that is not claimed is due at once, rounded up to a millisecond.
const RETURNED = `id::text, team_id, request_id, source_id, connection_id, body_bytes, is_replay, is_forced, tries,
  due_at > now() + interval '1 second' as is_claimed`;

/** Inserts the records of a JSON parameter and returns them; `where` may look at their `taken_id`. */
export const insertDeferred = (parameter: string, where: string): string => `
insert into deferred_branch (team_id, request_id, source_id, connection_id, body_bytes, is_replay, is_forced, is_ordered, due_at, claimed_by)
select team_id, request_id, source_id, connection_id,
  coalesce(body_bytes, (select body_bytes from request q where q.team_id = r.team_id and q.id = r.request_id), 0), is_replay, coalesce(is_forced, false), is_ordered,
  now() + case when is_claimed then ${CLAIM_MS} else 0 end * interval '1 millisecond',
  case when is_claimed then ${CLAIMANT} end
from json_to_recordset(${parameter}::json) as r(team_id text, request_id text, source_id text, connection_id text,
  body_bytes integer, is_replay boolean, is_forced boolean, is_ordered boolean, is_claimed boolean, taken_id bigint)
${where} order by request_id collate "C", connection_id collate "C"
returning ${RETURNED}`;

export const deferredParameter = (rows: readonly NewDeferredBranch[]): string => JSON.stringify(rows);

interface Row {
  id: string;
  team_id: string;
  request_id: string;
  source_id: string;
  connection_id: string;
  body_bytes: number;
  is_replay: boolean;
  is_forced: boolean;
  tries: number;
  is_claimed: boolean;
}

export const readDeferredRow = (row: Row): DeferredBranch => ({
  id: row.id,
  key: [row.team_id, row.request_id, row.source_id],
  connectionId: row.connection_id,
  bodyBytes: row.body_bytes,
  isReplay: row.is_replay,
  isForced: row.is_forced,
  tries: row.tries,
  isClaimed: row.is_claimed,
});

const INSERT = { name: "defer-branches", text: insertDeferred("$1", "") };

/** Defers branches that no hand-off stands for. */
export async function deferBranches(db: Queryable, rows: readonly NewDeferredBranch[]): Promise<DeferredBranch[]> {
  const { rows: inserted } = await db.query({ ...INSERT, values: [deferredParameter(rows)] });
  return inserted.map(readDeferredRow);
}

/** The amount that a team may still have in hand. */
export interface Room {
  branches: number;
  bytes: number;
}

// Steps from team to team by the index, so a team's backlog costs the others nothing. The first branch of each team comes
// first.
const CLAIM = {
  name: "claim-deferred",
  text: `
with recursive team (id) as (
  select min(team_id) from deferred_branch
  union all
  select (select min(team_id) from deferred_branch where team_id > team.id) from team where team.id is not null
), room as (
  select team.id as team_id, coalesce(r.branches, $4) as branches, coalesce(r.bytes, $5) as bytes
  from team left join unnest($1::text[], $2::integer[], $3::integer[]) as r(team_id, branches, bytes) on r.team_id = team.id
  where team.id is not null
), waiting as (
  select w.id, w.n, w.body_bytes from room cross join lateral (
    select id, body_bytes, row_number() over own as n, sum(body_bytes) over own - body_bytes as bytes_before from (
      select id, due_at, body_bytes from deferred_branch where team_id = room.team_id and due_at <= now()
      order by due_at, id limit room.branches for update skip locked
    ) as oldest window own as (order by due_at, id)
  ) as w where w.bytes_before < room.bytes
), chosen as (
  select id from (select id, n, sum(body_bytes) over (order by n, id) - body_bytes as bytes_before from waiting) as w
  where bytes_before < $7 order by n, id limit $6
), claimed as (
  update deferred_branch set due_at = now() + $8 * interval '1 millisecond', claimed_by = ${CLAIMANT}
  where id = any (array(select id from chosen)) returning ${RETURNED}
)
select *, (select version from config_version where id = 1)::text as config_version from claimed order by id::bigint`,
};

/**
 * Claims branches that are due, in each team the oldest first.
 *
 * @param rooms the room of each team that has something in hand
 * @param room the room of every other team
 * @param all the room of all together
 */
export async function claimDeferred(
  db: Queryable,
  rooms: ReadonlyMap<string, Room>,
  room: Room,
  all: Room,
): Promise<{ branches: DeferredBranch[]; configVersion: bigint }> {
  const known = [...rooms.values()];
  const { rows } = await db.query({
    ...CLAIM,
    values: [
      [...rooms.keys()],
      known.map(({ branches }) => branches),
      known.map(({ bytes }) => bytes),
      room.branches,
      room.bytes,
      all.branches,
      all.bytes,
      CLAIM_MS,
    ],
  });
  return { branches: rows.map(readDeferredRow), configVersion: BigInt(rows[0]?.config_version ?? 0) };
}

/** Renews the claims while rules run; with `holdMs` 0 it releases them. */
export async function renewDeferred(db: Queryable, ids: string[], holdMs = CLAIM_MS): Promise<void> {
  await db.query(
    "update deferred_branch set due_at = now() + $2 * interval '1 millisecond' where id = any ($1::bigint[])",
    [ids, holdMs],
  );
}

/** Notes a failure and the time of the next try. */
export async function postponeDeferred(db: Queryable, id: string, waitMs: number): Promise<void> {
  await db.query(
    "update deferred_branch set tries = tries + 1, due_at = now() + $2 * interval '1 millisecond', claimed_by = null where id = $1::bigint",
    [id, waitMs],
  );
}

export async function deleteDeferred(db: Queryable, ids: string[]): Promise<void> {
  await db.query("delete from deferred_branch where id = any ($1::bigint[])", [ids]);
}
