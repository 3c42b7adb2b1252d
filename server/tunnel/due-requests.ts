// The due events of a tunnel as the requests that its listener makes. What may not go is moved on as a lane would move it:
// held, cancelled or failed.
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { NextOfTunnel, TunnelEvent } from "#server/contracts/tunnel.ts";
import type { Queryable } from "#server/database/db.ts";
import { inlineBody, loadTransformedBody } from "#server/delivery/body-loader.ts";
import { type DueEvent, INLINE_BODY_BYTES, LANE_START, readDueEvents } from "#server/delivery/due-events.sql.ts";
import { CANCELLED, connectionOf, heldBy, type Move, REQUEST_GONE, toSettlement } from "#server/delivery/lane-move.ts";
import { buildOutgoing, hopsOf, MAX_HOPS } from "#server/delivery/outgoing.ts";
import { settleBatch } from "#server/delivery/settle.sql.ts";
import { prepareSigner } from "#server/delivery/sign.ts";
import { cancelStatement } from "#server/events/moves.sql.ts";
import { loadBody, loadSendableRequests, type SendableRequest } from "#server/events/stored-request.sql.ts";
import { newId } from "#server/ids.ts";
import type { TunnelState } from "./tunnel.sql.ts";

const PLAIN = {
  config: { http_method: null },
  signer: prepareSigner("NONE", {}),
  ownHeaders: [],
  ownHeaderKeys: new Set<string>(),
};

/** Of the bodies of one answer. A single larger one goes alone. */
const MAX_BYTES = 1024 * 1024;

/** It has gone round: the listener's own server sends it back to a source that leads to the listener. */
const GOES_ROUND: Move = {
  status: "FAILED",
  next_attempt_at: null,
  error_code: "BLOCKED_ADDRESS",
  ended_because: "undeliverable",
};

export interface Asked extends Pick<NextOfTunnel, "busy" | "limit" | "methods" | "verified"> {
  token: string;
  now: Date;
}

type Judged = { kind: "send" } | { kind: "unwanted" } | { kind: "move"; to: Move };

/** Due events that are not under way, as requests; none where it has only moved some. Null where nothing is due. */
export async function readDueRequests(db: Queryable, tunnel: TunnelState, asked: Asked): Promise<TunnelEvent[] | null> {
  const limit = asked.busy.length + asked.limit;
  const due = await readDueEvents(db, tunnel.id, { now: asked.now, cursor: LANE_START, limit });
  const fresh = due.filter((event) => event.team_id === tunnel.teamId && !asked.busy.includes(event.id));
  if (fresh.length === 0) return null;
  const keys = fresh.map((event) => [event.team_id, event.request_id] as const);
  const requests = await loadSendableRequests(db, keys, INLINE_BODY_BYTES);
  const judged = fresh.map((event) => ({ event, judged: judge(tunnel, asked, event, requests.get(event.request_id)) }));
  await moveOn(db, asked.token, judged);
  const sendable = judged.filter((one) => one.judged.kind === "send").map(({ event }) => event);
  return readBodies(db, tunnel, sendable.slice(0, asked.limit), { requests, now: asked.now });
}

/** Large bodies one by one: after the first, only as long as all that is handed out stays small. */
async function readBodies(
  db: Queryable,
  tunnel: TunnelState,
  events: readonly DueEvent[],
  { requests, now }: { requests: ReadonlyMap<string, SendableRequest>; now: Date },
): Promise<TunnelEvent[]> {
  const ready: TunnelEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const request = requests.get(event.request_id);
    if (!request || (ready.length > 0 && bytes + request.body_bytes > MAX_BYTES)) break;
    const body = inlineBody(event, request) ?? (await loadLarge(db, event));
    // It was erased just now: the next look ends its event.
    if (body === null) continue;
    bytes += body.length;
    ready.push(toRequest(tunnel, event, request, { body, now }));
  }
  return ready;
}

const loadLarge = (db: Queryable, event: DueEvent): Promise<Buffer | null> =>
  event.has_own_body ? loadTransformedBody(db, event) : loadBody(db, event.team_id, event.request_id);

function holdReason(tunnel: TunnelState, isPaused: boolean): HoldReason | null {
  if (isPaused) return "connection_paused";
  return tunnel.isDisabled ? "destination_disabled" : null;
}

function judge(tunnel: TunnelState, asked: Asked, event: DueEvent, request: SendableRequest | undefined): Judged {
  const connection = connectionOf(tunnel, event.connection_id);
  if (!connection) return { kind: "move", to: CANCELLED };
  const reason = holdReason(tunnel, connection.isPaused);
  if (reason) return { kind: "move", to: heldBy(reason, event) };
  if (!request) return { kind: "move", to: REQUEST_GONE };
  if (hopsOf(request) >= MAX_HOPS) return { kind: "move", to: GOES_ROUND };
  const { method } = event.transformed ?? request;
  const isWanted =
    (asked.methods?.some((one) => one === method) ?? true) && (asked.verified ?? request.verified) === request.verified;
  return { kind: isWanted ? "send" : "unwanted" };
}

async function moveOn(
  db: Queryable,
  token: string,
  judged: readonly { event: DueEvent; judged: Judged }[],
): Promise<void> {
  const moves = judged.flatMap(({ event, judged: { ...one } }) =>
    one.kind === "move" ? [toSettlement(event, token, one.to)] : [],
  );
  if (moves.length > 0) await settleBatch(db, moves, { isRepeat: false });
  const unwanted = judged.filter((one) => one.judged.kind === "unwanted").map(({ event }) => event);
  const [first] = unwanted;
  if (!first) return;
  const { text, values } = cancelStatement(
    first.team_id,
    unwanted.map(({ id }) => id),
  );
  await db.query(text, values);
}

function toRequest(
  tunnel: TunnelState,
  event: DueEvent,
  request: SendableRequest,
  { body, now }: { body: Buffer; now: Date },
): TunnelEvent {
  const { method, headers } = buildOutgoing(PLAIN, new URL("cli://listener"), { event, request, body, now });
  const { path, query } = event.transformed ?? request;
  return {
    id: event.id,
    request_id: event.request_id,
    source_id: event.source_id,
    source_name: tunnel.sourceNames.get(event.source_id) ?? event.source_id,
    connection_id: event.connection_id,
    event_type: event.event_type,
    attempt_id: newId("attempt", now.getTime()),
    attempt: event.attempts + 1,
    trigger: event.trigger,
    is_verified: request.verified,
    ...{ method, path, query, headers },
    body_base64: body.toString("base64"),
  };
}
