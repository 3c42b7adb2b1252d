// Routing: a committed request becomes, for each connection of its source, an event or an ignored event with its cause.
// Rules and transforms run before the transaction, so no transaction waits on user code; running it twice changes nothing.
import type { CachedConnection, ConfigCache, ConfigSnapshot } from "../config-cache.ts";
import { MAX_BODY_BYTES } from "../contracts/source.ts";
import { isDatabaseAway } from "../database-away.ts";
import { inTransaction, type Pool, type Queryable } from "../db.ts";
import type { Log } from "../log.ts";
import { asDuplicate, type RuleServices } from "../rules/apply.ts";
import type { Sandbox } from "../sandbox/pool.ts";
import { loadRequests, type StoredRequest } from "../stored-request.sql.ts";
import { type Branch, judgeBranch, makeRuleRequest, readsPayload, toEvent, toIgnored } from "./branch.ts";
import { type HandOff, type RequestKey, splitHandOff } from "./hand-off.sql.ts";
import {
  claimDedupeKeys,
  type DedupeClaim,
  findDedupeHolder,
  markUnconnected,
  type NewEvent,
  type NewIgnoredEvent,
  writeFirstRoute,
  writeReplay,
} from "./route.sql.ts";

export interface Router {
  pool: Pool;
  config: ConfigCache;
  sandbox: Sandbox;
  log: Log;
  now: () => Date;
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Set<string>) => Promise<void>;
}

/**
 * Routes what the door handed over, by a configuration that is at least `configVersion`. When hand-offs cannot be routed
 * together each is tried alone, and one that fails alone is split, so that what trips over a bug holds up nothing else.
 */
export async function routeHandOffs(router: Router, handOffs: HandOff[], configVersion: bigint): Promise<void> {
  try {
    await routeBatch(router, handOffs, configVersion);
  } catch (error) {
    const [first] = handOffs;
    if (!first || isDatabaseAway(error)) throw error;
    if (handOffs.length > 1) {
      for (const handOff of handOffs) await routeHandOffs(router, [handOff], configVersion);
      return;
    }
    if (first.requests.length === 1) throw error;
    router.log.error(
      { err: error, requests: first.requests.length },
      "Requests could not be routed together; each goes alone",
    );
    await splitHandOff(router.pool, first.id);
  }
}

async function routeBatch(router: Router, handOffs: HandOff[], configVersion: bigint): Promise<void> {
  const config = await router.config.atLeast(configVersion);
  const handOffOf = new Map(handOffs.flatMap(({ id, requests }) => requests.map((key) => [key[1], id] as const)));
  const keys = handOffs.flatMap(({ requests }) => requests);
  const connectionsOf = (sourceId: string) => config.connectionsBySource.get(sourceId) ?? [];
  const [readers, others] = partition(keys, ([, , sourceId]) => connectionsOf(sourceId).some(readsPayload));
  const requests = [
    ...(await loadRequests(router.pool, toPairs(readers), MAX_BODY_BYTES)).values(),
    ...(await loadRequests(router.pool, toPairs(others), -1)).values(),
  ];
  const branches = await judgeAll(router, config, requests, connectionsOf, false);
  const handOffIds = handOffs.map(({ id }) => id);
  await commit(router, branches, (db, rows) => {
    const withHandOff = <T extends { request_id: string }>(row: T) => ({
      ...row,
      hand_off_id: handOffOf.get(row.request_id) ?? "",
    });
    const events = rows.events.map(withHandOff);
    return writeFirstRoute(db, { events, ignored: rows.ignored.map(withHandOff), handOffIds });
  });
  const unconnected = requests.filter((request) => connectionsOf(request.source_id).length === 0);
  if (unconnected.length > 0)
    await markUnconnected(
      router.pool,
      unconnected.map(({ team_id, id }) => [team_id, id]),
    );
}

/**
 * Evaluates the route of a stored request again, for all connections of its source or those named. Deduplication is
 * bypassed; a branch that has an event already keeps its id and history.
 */
export async function rerouteRequest(
  router: Router,
  { teamId, requestId, connectionIds }: { teamId: string; requestId: string; connectionIds: string[] | null },
): Promise<void> {
  const config = await router.config.upToDate();
  const requests = [...(await loadRequests(router.pool, [[teamId, requestId]], MAX_BODY_BYTES)).values()];
  const connectionsOf = (sourceId: string) =>
    (config.connectionsBySource.get(sourceId) ?? []).filter(
      ({ id }) => connectionIds === null || connectionIds.includes(id),
    );
  await commit(router, await judgeAll(router, config, requests, connectionsOf, true), writeReplay);
}

async function judgeAll(
  router: Router,
  config: ConfigSnapshot,
  requests: StoredRequest[],
  connectionsOf: (sourceId: string) => readonly CachedConnection[],
  isReplay: boolean,
): Promise<Branch[]> {
  const branches = requests.map(async (stored) => {
    const request = makeRuleRequest(stored);
    return Promise.all(
      connectionsOf(stored.source_id).map((connection) =>
        judgeBranch(stored, request, connection, {
          config,
          services: servicesFor(router, config, stored, connection),
          isReplay,
        }),
      ),
    );
  });
  return (await Promise.all(branches)).flat();
}

function servicesFor(
  router: Router,
  config: ConfigSnapshot,
  stored: StoredRequest,
  connection: CachedConnection,
): RuleServices {
  return {
    findDuplicate: async (keyHash) => {
      // Only worth a query where it can save a transform.
      if (!connection.rules.some((rule) => rule.type === "transform")) return null;
      const key = { teamId: stored.team_id, connectionId: connection.id, keyHash, now: stored.created_at };
      const holder = await findDedupeHolder(router.pool, key);
      return holder === stored.id ? null : holder;
    },
    transform: async (transformationId, request) => {
      const transformation = config.transformations.get(transformationId);
      if (!transformation || transformation.teamId !== stored.team_id) {
        const message = `The transformation ${transformationId} does not exist any more.`;
        return { kind: "failed", error: { kind: "threw", message, line: null }, console: [], duration_ms: 0 };
      }
      const { code, env, version, unusable } = transformation;
      if (unusable !== undefined) {
        return { kind: "failed", error: { kind: "threw", message: unusable, line: null }, console: [], duration_ms: 0 };
      }
      return { version, ...(await router.sandbox.run({ teamId: stored.team_id, code, env, request })) };
    },
  };
}

type Write = (db: Queryable, rows: { events: NewEvent[]; ignored: NewIgnoredEvent[] }) => Promise<void>;

/** Claims the deduplication keys, writes the branches in the same transaction, then wakes the lanes that have work. */
async function commit(router: Router, branches: Branch[], write: Write): Promise<void> {
  const claims = toClaims(branches);
  const now = router.now();
  const writeRows = async (db: Queryable, judged: Branch[]) => {
    const events = judged.filter((branch) => isDelivering(branch)).map((branch) => toEvent(branch, now));
    await write(db, { events, ignored: judged.filter((branch) => isIgnored(branch)).map(toIgnored) });
    return new Set(events.filter(({ status }) => status !== "HOLD").map((event) => event.destination_id));
  };
  const withWork =
    claims.length === 0
      ? await writeRows(router.pool, branches)
      : await inTransaction(router.pool, async (client) => {
          const holders = await claimDedupeKeys(client, claims);
          return writeRows(
            client,
            branches.map((branch) => withHolder(branch, holders)),
          );
        });
  if (withWork.size > 0) await router.wakeLanes(withWork);
}

const isDelivering = (branch: Branch): branch is Branch & { verdict: { kind: "deliver" } } =>
  branch.verdict.kind === "deliver";
const isIgnored = (branch: Branch): branch is Branch & { verdict: { kind: "ignored" } } =>
  branch.verdict.kind === "ignored";

const claimKey = (connectionId: string, keyHash: string) => `${connectionId}:${keyHash}`;

/** One claim per key: of several copies in the batch, the one that came first. */
function toClaims(branches: Branch[]): DedupeClaim[] {
  const claims = new Map<string, DedupeClaim>();
  for (const { request, connection, verdict } of branches) {
    if (!verdict.dedupe) continue;
    const key = claimKey(connection.id, verdict.dedupe.keyHash);
    const earlier = claims.get(key);
    if (earlier && earlier.request_id < request.id) continue;
    claims.set(key, {
      team_id: request.team_id,
      connection_id: connection.id,
      key_hash: verdict.dedupe.keyHash,
      request_id: request.id,
      first_at: request.created_at,
      expires_at: new Date(request.created_at.getTime() + verdict.dedupe.windowMs),
    });
  }
  return [...claims.values()];
}

function withHolder(branch: Branch, holders: Map<string, string>): Branch {
  const { dedupe } = branch.verdict;
  const holder = dedupe && holders.get(claimKey(branch.connection.id, dedupe.keyHash));
  if (!holder || holder === branch.request.id) return branch;
  return { ...branch, verdict: asDuplicate(branch.verdict, holder) };
}

const toPairs = (keys: readonly RequestKey[]) => keys.map(([teamId, id]) => [teamId, id] as const);

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
