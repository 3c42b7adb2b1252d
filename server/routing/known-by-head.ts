// Requests of which a hand-off says all that routing needs: nothing looks into them, and their events tell no more of themselves. The
// time stands in the id. docs/decisions/098-the-door-says-no-connection.md
import type { ConfigSnapshot } from "#server/config/config-cache.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { idTimeMs } from "#server/ids.ts";
import { hasFacts } from "#server/providers/facts.ts";
import type { HandOff, RequestKey } from "./hand-off.sql.ts";

/** What is not known, and what nobody asks for. */
const UNREAD = {
  ...{ status: "accepted", verified: false, method: "", path: "", query: "", headers: [] },
  ...{ body: null, body_bytes: 0, content_type: null, provider_event_id: null, is_masked: false },
} satisfies Partial<StoredRequest>;

/**
 * The requests that need not be read. A hand-off commits with its requests, so all of them are there.
 * @param isRead whether something looks into the request
 */
export function knownByHead(
  handOffs: readonly HandOff[],
  isRead: (key: RequestKey) => boolean,
  { sources }: ConfigSnapshot,
): StoredRequest[] {
  const tells = (sourceId: string) => {
    const source = sources.get(sourceId);
    return source === undefined || hasFacts(source.type);
  };
  return handOffs.flatMap(({ requests, heads }) =>
    requests.flatMap((key, i) => {
      const head = heads?.[i];
      const [team_id, id, source_id] = key;
      if (!head || isRead(key) || tells(source_id)) return [];
      return { ...UNREAD, team_id, id, source_id, event_type: head[0], created_at: new Date(idTimeMs(id)) };
    }),
  );
}
