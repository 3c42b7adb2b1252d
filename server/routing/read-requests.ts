// The requests of hand-offs as routing needs them: what it was told, what hand-offs say of them, and the rest read from the table.
import type { CachedConnection, ConfigSnapshot } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import { HANDED_BODY_BYTES, type LaneInboxes } from "#server/events/handed-over.ts";
import { loadRequests, type StoredRequest } from "#server/events/stored-request.sql.ts";
import { SMALL_BODY_BYTES } from "#server/judging/judge.ts";
import { readsPayload, tellsByBody } from "./branch.ts";
import type { HandOff, RequestKey } from "./hand-off.sql.ts";
import { knownByHead } from "./known-by-head.ts";

/** Of a larger batch the bodies are left to the lanes, which read them page by page. */
const MAX_HANDED_REQUESTS = 32;

export type ConnectionsOf = (sourceId: string) => readonly CachedConnection[];

interface ReadTools {
  pool: Pool;
  inboxes: LaneInboxes;
}

/** Those that are there and not erased, by id. @param told requests of the hand-offs that need not be read */
export async function readRequests(
  { pool, inboxes }: ReadTools,
  handOffs: readonly HandOff[],
  config: ConfigSnapshot,
  connectionsOf: ConnectionsOf,
  told: readonly StoredRequest[],
): Promise<Map<string, StoredRequest>> {
  const requests = new Map(told.map((stored) => [stored.id, stored]));
  const keys = handOffs.flatMap((handOff) => handOff.requests).filter(([, id]) => !requests.has(id));
  if (keys.length === 0) return requests;
  const readSources = new Set(
    [...new Set(keys.map(([, , sourceId]) => sourceId))].filter((sourceId) =>
      connectionsOf(sourceId).some((connection) => readsPayload(connection, config) || tellsByBody(sourceId, config)),
    ),
  );
  const isRead = ([, , sourceId]: RequestKey) => readSources.has(sourceId);
  const handedBytes = bodyBytesToHand(inboxes, keys, connectionsOf);
  const known = handedBytes === -1 ? knownByHead(handOffs, isRead, config) : [];
  for (const stored of known) if (!requests.has(stored.id)) requests.set(stored.id, stored);
  const rest = keys.filter((key) => !isRead(key) && !requests.has(key[1]));
  for (const [some, bodyBytes] of [
    [keys.filter(isRead), SMALL_BODY_BYTES],
    [rest, handedBytes],
  ] as const) {
    for (const [id, stored] of await loadRequests(pool, toPairs(some), bodyBytes)) requests.set(id, stored);
  }
  return requests;
}

/** The bodies that lanes of this process wait for; -1 where none does. */
function bodyBytesToHand(inboxes: LaneInboxes, keys: RequestKey[], connectionsOf: ConnectionsOf): number {
  if (keys.length > MAX_HANDED_REQUESTS) return -1;
  const isWaitedFor = keys.some(([, , sourceId]) =>
    connectionsOf(sourceId).some(({ destinationId }) => inboxes.isOpen(destinationId)),
  );
  return isWaitedFor ? HANDED_BODY_BYTES : -1;
}

export const toPairs = (keys: readonly RequestKey[]) => keys.map(([teamId, id]) => [teamId, id] as const);
