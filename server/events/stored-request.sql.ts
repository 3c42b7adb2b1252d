// Stored requests, read back by id for the stages after the door. A range of ids beside the list prunes partitions.
import type { EventFacts, ToldFacts } from "#server/contracts/event-facts.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { SourceType } from "#server/contracts/source.ts";
import type { Queryable } from "#server/database/db.ts";
import { type PackedRequestHeaders, unpackRequestHeaders } from "#server/wire/packed-request-headers.ts";

export interface StoredRequest {
  team_id: string;
  id: string;
  source_id: string;
  status: "accepted" | "rejected";
  verified: boolean;
  method: string;
  path: string;
  query: string;
  headers: HeaderList;
  /** Null when it was not asked for, or is larger than asked for. */
  body: Buffer | null;
  body_bytes: number;
  content_type: string | null;
  event_type: string | null;
  provider_event_id: string | null;
  /** That of its source, for the facts of the event; whoever loads a request for its rules adds it. */
  source_type?: SourceType | undefined;
  /** Those that are known without its body: its headers tell them, or routing read them before a transform. */
  facts?: EventFacts | undefined;
  /** Whether something of it is to be shown to nobody. */
  has_masks?: boolean;
  /** Whether something of it is masked where it is stored. */
  is_masked: boolean;
  created_at: Date;
}

/** The part of a request beside its body that a transform can change. */
export type RequestHead = Pick<StoredRequest, "method" | "path" | "query" | "headers">;

/** The part of a request that a lane sends. */
export type SendableRequest = Omit<
  StoredRequest,
  | "source_id"
  | "status"
  | "content_type"
  | "event_type"
  | "provider_event_id"
  | "source_type"
  | "facts"
  | "has_masks"
  | "created_at"
>;

const SENDABLE = "team_id, id, verified, method, path, query, headers, body_bytes, masked_at is not null as is_masked";
const load = (columns: string) => `
select ${columns}, case when body_bytes <= $3 then body end as body
from request where team_id = any ($1::text[]) and id = any ($2::text[]) and id between $4 and $5 and erased_at is null`;
const LOAD = load(
  `${SENDABLE}, source_id, status, content_type, event_type, provider_event_id, masks is not null as has_masks, created_at`,
);
const LOAD_SENDABLE = load(SENDABLE);

/** `[team id, request id]` */
type TeamAndId = readonly [string, string];

/** The requests with these keys that are there and not erased, by request id; with the bodies of at most `maxBodyBytes` each. */
export const loadRequests = (db: Queryable, keys: readonly TeamAndId[], maxBodyBytes: number) =>
  byId<StoredRequest>(db, { name: "load-requests", text: LOAD }, keys, maxBodyBytes);

/** Like {@link loadRequests}, without the columns that only routing reads. */
export const loadSendableRequests = (db: Queryable, keys: readonly TeamAndId[], maxBodyBytes: number) =>
  byId<SendableRequest>(db, { name: "load-sendable-requests", text: LOAD_SENDABLE }, keys, maxBodyBytes);

async function byId<Row extends SendableRequest>(
  db: Queryable,
  statement: { name: string; text: string },
  keys: readonly TeamAndId[],
  maxBodyBytes: number,
): Promise<Map<string, Row>> {
  if (keys.length === 0) return new Map();
  const teamIds = [...new Set(keys.map(([teamId]) => teamId))];
  const ids = keys.map(([, id]) => id).sort();
  const { rows } = await db.query<Row>({ ...statement, values: [teamIds, ids, maxBodyBytes, ids[0], ids.at(-1)] });
  const teamOf = new Map(keys.map(([teamId, id]) => [id, teamId]));
  const own = rows.filter((row) => teamOf.get(row.id) === row.team_id);
  for (const row of own) row.headers = unpackRequestHeaders(row.headers as PackedRequestHeaders);
  return new Map(own.map((row) => [row.id, row]));
}

/** What routing has read of these events, by id of the event. */
export async function loadFacts(
  db: Queryable,
  events: readonly { team_id: string; id: string }[],
): Promise<Map<string, ToldFacts>> {
  const { rows } = await db.query<{ id: string; occurred_at: Date | null; resource_id: string | null }>({
    name: "load-event-facts",
    text: `select id, occurred_at, resource_id from event where team_id = any ($1::text[]) and id = any ($2::text[]) and id between $3 and $4`,
    values: [[...new Set(events.map(({ team_id }) => team_id))], ...idsOf(events)],
  });
  return new Map(
    rows.map(({ id, occurred_at, resource_id }) => [
      id,
      {
        ...(occurred_at !== null && { occurred_at: occurred_at.toISOString() }),
        ...(resource_id !== null && { resource_id }),
      },
    ]),
  );
}

function idsOf(events: readonly { id: string }[]): [ids: string[], from: string | undefined, to: string | undefined] {
  const ids = events.map(({ id }) => id).sort();
  return [ids, ids[0], ids.at(-1)];
}

/** The exact bytes of one request; null where they are gone. */
export async function loadBody(db: Queryable, teamId: string, id: string): Promise<Buffer | null> {
  const { rows } = await db.query({
    name: "load-body",
    text: "select body from request where team_id = $1 and id = $2 and erased_at is null",
    values: [teamId, id],
  });
  return rows[0]?.body ?? null;
}
