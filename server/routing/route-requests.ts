// Routing: a committed request becomes, for each connection of its source, an event or an ignored event with its cause.
// Cheap branches are decided at once, for many requests in one transaction. The same transaction defers every other branch
// to its team's line (deferred-branches.ts). Running it twice changes nothing.
import type { CachedConnection, ConfigCache, ConfigSnapshot } from "#server/config/config-cache.ts";
import type { DatabaseTime } from "#server/database/database-time.ts";
import type { Pool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { LaneInboxes } from "#server/events/handed-over.ts";
import { loadRequests, type StoredRequest } from "#server/events/stored-request.sql.ts";
import type { Log } from "#server/process/log.ts";
import { isOrdered, tellerOf } from "./branch.ts";
import { commitBranches, type TakenBranch, type Write } from "./commit-branches.ts";
import { type DeferredBranch, deferBranches, type NewDeferredBranch } from "./deferred-branch.sql.ts";
import type { DeferredBranches } from "./deferred-branches.ts";
import type { HandOff, RequestKey } from "./hand-off.sql.ts";
import { type JudgedAtOnce, judgeAtOnce, type LeftBranch } from "./judge-at-once.ts";
import { type ConnectionsOf, readRequests, toPairs } from "./read-requests.ts";
import { markUnconnected, type Taken, unmarkConnected, writeFirstRoute } from "./route.sql.ts";
import { writeByPipeline } from "./route-pipeline.sql.ts";
import { connectionsFor } from "./subscriptions.ts";

export interface Router {
  pool: Pool;
  config: ConfigCache;
  deferred: DeferredBranches;
  log: Log;
  databaseTime: DatabaseTime;
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Set<string>) => Promise<void>;
  inboxes: LaneInboxes;
}

/**
 * Routes hand-offs by a configuration that is at least `configVersion`. If that fails, all of it is deferred branch by
 * branch, so a branch that meets a bug holds up nothing else.
 * @param told requests of them that need not be read
 */
export async function routeHandOffs(
  router: Router,
  handOffs: HandOff[],
  configVersion: bigint,
  told: readonly StoredRequest[] = [],
): Promise<void> {
  const config = await router.config.atLeast(configVersion);
  const connectionsOf: ConnectionsOf = (sourceId) => config.connectionsBySource.get(sourceId) ?? [];
  try {
    await routeBatch(router, handOffs, config, connectionsOf, told);
  } catch (err) {
    if (isDatabaseAway(err)) throw err;
    router.log.error(
      { err, handOffs: handOffs.length },
      "Requests could not be routed together; each branch goes alone",
    );
    await deferAll(router, handOffs, config, connectionsOf);
  }
}

async function routeBatch(
  router: Router,
  handOffs: HandOff[],
  config: ConfigSnapshot,
  connectionsOf: ConnectionsOf,
  told: readonly StoredRequest[],
): Promise<void> {
  const keys = handOffs.flatMap(({ requests }) => requests);
  const requests = await readRequests(router, handOffs, config, connectionsOf, told);
  for (const stored of requests.values()) Object.assign(stored, tellerOf(stored, config));
  const takenIdOf = takenIds(handOffs);
  const { branches, left } = await judgeBatch(router, config, [...requests.values()], connectionsOf);
  const taken = branches.map((branch): TakenBranch => ({ ...branch, takenId: takenIdOf(branch.request.key[1]) }));
  const handedOn = left.map((branch) => toDeferred(router, branch, config));
  // A request that is not visible yet is tried again like any other that fails.
  const unseen = keys
    .filter(([, id]) => !requests.has(id))
    .flatMap((key) => toUnloaded(key, connectionsOf(key[2]), config));
  const deferred = [...handedOn, ...unseen].map((row) => ({ ...row, taken_id: takenIdOf(row.request_id) }));
  await writeMarked(
    router,
    handOffs,
    ([, id, sourceId]) => {
      const [stored, connections] = [requests.get(id), connectionsOf(sourceId)];
      return stored ? connectionsFor(connections, stored.event_type) : connections;
    },
    () => writeAndDefer(router, taken, handOffs, deferred, config, requests),
  );
}

/** Room that was taken for large bodies is given back where the judgement of the batch meets a bug. */
async function judgeBatch(
  { deferred }: Router,
  config: ConfigSnapshot,
  requests: StoredRequest[],
  connectionsOf: ConnectionsOf,
): Promise<JudgedAtOnce> {
  const rooms: [teamId: string, bytes: number][] = [];
  const takeLarge = (...room: [teamId: string, bytes: number]) => {
    const isTaken = deferred.take(...room);
    if (isTaken) rooms.push(room);
    return isTaken;
  };
  return judgeAtOnce(config, requests, connectionsOf, takeLarge).catch((error) => {
    for (const room of rooms) deferred.giveBack(...room);
    throw error;
  });
}

/** Writes one transaction, and works on the branches that it deferred. */
async function writeAndDefer(
  router: Router,
  branches: TakenBranch[],
  handOffs: HandOff[],
  deferred: Taken<TakenOn>[],
  config: ConfigSnapshot,
  requests: ReadonlyMap<string, StoredRequest>,
): Promise<void> {
  const ids = handOffs.map(({ id }) => id);
  const writeAll: Write<DeferredBranch[]> = async (db, rows, { asksForInserted, isInTransaction }) => {
    const isPlain = deferred.length === 0 && rows.events.every(({ order_key }) => order_key === undefined);
    if (isPlain && !isInTransaction && (await writeByPipeline(db, rows, asksForInserted))) {
      return { written: [], insertedIds: rows.events.map(({ id }) => id) };
    }
    return writeFirstRoute(db, rows, { deferred, asksForInserted });
  };
  const write = commitBranches(router, branches, ids, writeAll, deferred.length > 0 ? undefined : requests);
  const written = await write.catch((error) => {
    for (const row of deferred) if (row.is_claimed) router.deferred.giveBack(row.team_id, heldBytes(row));
    throw error;
  });
  const rowOf = new Map(deferred.map((row) => [row.request_id + row.connection_id, row]));
  const begun = written.map((branch) => {
    const row = rowOf.get(branch.key[1] + branch.connectionId);
    if (!row || !branch.isClaimed) return branch;
    rowOf.delete(row.request_id + row.connection_id);
    return { ...branch, bodyBytes: heldBytes(row) };
  });
  // Another run may have written a hand-off meanwhile: its branches are then not among the rows.
  for (const row of rowOf.values()) if (row.is_claimed) router.deferred.giveBack(row.team_id, heldBytes(row));
  router.deferred.add(begun, config, requests);
}

async function deferAll(
  router: Router,
  handOffs: HandOff[],
  config: ConfigSnapshot,
  connectionsOf: ConnectionsOf,
): Promise<void> {
  const takenIdOf = takenIds(handOffs);
  const keys = handOffs.flatMap(({ requests }) => requests);
  const deferred = keys
    .flatMap((key) => toUnloaded(key, connectionsOf(key[2]), config))
    .map((row) => ({ ...row, taken_id: takenIdOf(row.request_id) }));
  await writeMarked(
    router,
    handOffs,
    ([, , sourceId]) => connectionsOf(sourceId),
    () => writeAndDefer(router, [], handOffs, deferred, config, new Map()),
  );
}

interface Reroute {
  teamId: string;
  requestId: string;
  /** Null stands for all connections of its source. */
  connectionIds: string[] | null;
  /** Whether the filter is skipped. */
  isForced?: boolean;
}

/**
 * Evaluates the route of a stored request again, for all connections of its source or those named. Deduplication is
 * bypassed. A branch with an event keeps the event's id and history. It takes its team's turn like any other.
 */
export async function rerouteRequest(
  router: Router,
  { teamId, requestId, connectionIds, isForced = false }: Reroute,
): Promise<void> {
  const config = await router.config.upToDate();
  const requests = await loadRequests(router.pool, [[teamId, requestId]], -1);
  const rows = [...requests.values()].flatMap((stored) => {
    const connections = config.connectionsBySource.get(stored.source_id) ?? [];
    const asked = connections.filter(({ id }) => connectionIds === null || connectionIds.includes(id));
    return toUnloaded([teamId, requestId, stored.source_id], asked, config).map((row) => ({
      ...row,
      is_replay: true,
      // It has come long ago: nothing that came since waits for it before it is in line.
      is_ordered: false,
      is_forced: isForced,
    }));
  });
  router.deferred.add(await deferBranches(router.pool, rows), config, requests);
}

const takenIds = (handOffs: HandOff[]) => {
  const idOf = new Map(handOffs.flatMap(({ id, requests }) => requests.map((key) => [key[1], id] as const)));
  return (requestId: string) => idOf.get(requestId) ?? "";
};

/** A branch that may be claimed, and the bytes of the team's room that it holds in this process if it is. */
interface TakenOn extends NewDeferredBranch {
  /** Left out where they are those of the body. The row names the whole body: who takes the branch over loads it. */
  held_bytes?: number;
}

const heldBytes = ({ held_bytes, body_bytes }: TakenOn): number => held_bytes ?? body_bytes ?? 0;

/** Takes the branch on in this process when it has the body and room for the team. */
function toDeferred(router: Router, { stored, connection, takenBytes }: LeftBranch, config: ConfigSnapshot): TakenOn {
  const { team_id, id: request_id, source_id, body, body_bytes } = stored;
  const isTaken = takenBytes !== undefined;
  const is_claimed = isTaken || ((body !== null || body_bytes === 0) && router.deferred.take(team_id, body_bytes));
  const is_ordered = isOrdered(connection, config);
  return {
    team_id,
    request_id,
    source_id,
    connection_id: connection.id,
    body_bytes,
    ...(isTaken && { held_bytes: takenBytes }),
    is_replay: false,
    is_ordered,
    is_claimed,
  };
}

function toUnloaded(
  [team_id, request_id, source_id]: RequestKey,
  connections: readonly CachedConnection[],
  config: ConfigSnapshot,
) {
  return connections.map((connection): NewDeferredBranch => {
    const base = { team_id, request_id, source_id, connection_id: connection.id };
    const is_ordered = isOrdered(connection, config);
    return { ...base, body_bytes: null, is_replay: false, is_ordered, is_claimed: false };
  });
}

/**
 * Writes what was routed, and `NO_CONNECTION` where the door, by an older configuration, has judged otherwise. A mark is taken
 * back before the branches are there, so a worker that dies between the two leaves no false one.
 *
 * @param connectionsOf those that asked for the request
 */
async function writeMarked(
  router: Router,
  handOffs: HandOff[],
  connectionsOf: (key: RequestKey) => readonly CachedConnection[],
  write: () => Promise<void>,
): Promise<void> {
  const unmarked: RequestKey[] = [];
  const marked: RequestKey[] = [];
  for (const { requests, heads } of handOffs) {
    for (const [i, key] of requests.entries()) {
      const isMarked = heads?.[i]?.[1] ?? false;
      const isConnected = connectionsOf(key).length > 0;
      if (isConnected === isMarked) (isMarked ? marked : unmarked).push(key);
    }
  }
  if (marked.length > 0) await unmarkConnected(router.pool, toPairs(marked));
  await write();
  if (unmarked.length > 0) await markUnconnected(router.pool, toPairs(unmarked));
}
