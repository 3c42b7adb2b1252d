// Routing: a committed request becomes, for each connection of its source, an event or an ignored event with its cause.
// Rules and transforms run before the transaction, so no transaction waits on user code; running it twice changes nothing.
import type { CachedConnection, ConfigCache, ConfigSnapshot } from "../config-cache.ts";
import { MAX_BODY_BYTES } from "../contracts/source.ts";
import { inTransaction, isDatabaseAway, type Pool } from "../db.ts";
import type { Log } from "../log.ts";
import { asDuplicate, type RuleServices } from "../rules/apply.ts";
import type { Sandbox } from "../sandbox/pool.ts";
import { loadRequests, type StoredRequest } from "../stored-request.sql.ts";
import { type Branch, judgeBranch, makeRuleRequest, readsPayload, toEvent, toIgnored } from "./branch.ts";
import { claimDedupeKeys, type DedupeClaim, findDedupeHolder, markUnconnected, writeBranches } from "./route.sql.ts";

export interface Router {
  pool: Pool;
  config: ConfigCache;
  sandbox: Sandbox;
  log: Log;
  now: () => Date;
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Set<string>) => Promise<void>;
}

/** `[team id, request id, source id]` */
export type RequestKey = readonly [string, string, string];

/**
 * Routes a batch. When it cannot be routed as one, each request is tried alone, so that one which trips over a bug
 * holds up no other; then the first error is thrown and the job is tried again.
 */
export async function routeRequests(router: Router, keys: readonly RequestKey[]): Promise<void> {
  try {
    await routeBatch(router, keys);
  } catch (error) {
    if (keys.length === 1 || isDatabaseAway(error)) throw error;
    const failures: unknown[] = [];
    for (const key of keys) await routeBatch(router, [key]).catch((failure: unknown) => failures.push(failure));
    router.log.error({ err: error, failed: failures.length, batch: keys.length }, "A batch was routed one by one");
    if (failures.length > 0) throw failures[0];
  }
}

async function routeBatch(router: Router, keys: readonly RequestKey[]): Promise<void> {
  const config = await router.config.upToDate();
  const connectionsOf = (sourceId: string) => config.connectionsBySource.get(sourceId) ?? [];
  const [readers, others] = partition(keys, ([, , sourceId]) => connectionsOf(sourceId).some(readsPayload));
  const requests = [
    ...(await loadRequests(router.pool, toPairs(readers), MAX_BODY_BYTES)).values(),
    ...(await loadRequests(router.pool, toPairs(others), -1)).values(),
  ];
  const unconnected = requests.filter((request) => connectionsOf(request.source_id).length === 0);
  const branches = await judgeAll(router, config, requests, connectionsOf, false);
  await commit(router, branches, false);
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
  await commit(router, await judgeAll(router, config, requests, connectionsOf, true), true);
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
      const { code, env, version } = transformation;
      return { version, ...(await router.sandbox.run({ teamId: stored.team_id, code, env, request })) };
    },
  };
}

async function commit(router: Router, branches: Branch[], isReplay: boolean): Promise<void> {
  if (branches.length === 0) return;
  const claims = toClaims(branches);
  const written =
    claims.length === 0
      ? await write(router, router.pool, branches, isReplay)
      : await inTransaction(router.pool, async (client) => {
          const holders = await claimDedupeKeys(client, claims);
          return write(
            router,
            client,
            branches.map((branch) => withHolder(branch, holders)),
            isReplay,
          );
        });
  if (written.size > 0) await router.wakeLanes(written);
}

async function write(router: Router, db: Parameters<typeof writeBranches>[0], branches: Branch[], isReplay: boolean) {
  const now = router.now();
  const events = branches.filter((branch) => isDelivering(branch)).map((branch) => toEvent(branch, now));
  const ignored = branches.filter((branch) => isIgnored(branch)).map(toIgnored);
  await writeBranches(db, { events, ignored, isReplay });
  return new Set(events.filter(({ status }) => status !== "HOLD").map((event) => event.destination_id));
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
