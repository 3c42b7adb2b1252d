// Masking at rest: when the last event of a request has ended, nothing needs its bytes any more, and they are replaced where
// they are stored. docs/decisions/062-masked-and-erased.md
import { MASK } from "#server/contracts/mask.ts";
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";
import { type DerivedMask, makeDerivedMask } from "./mask-derived.ts";
import { type Masked, maskRequest } from "./mask-request.ts";
import {
  type MadeOf,
  type MaskKey,
  nextUnmasked,
  readMadeOf,
  takeUnmasked,
  type UnmaskedRequest,
  writeMasked,
} from "./masks.sql.ts";

interface Tools {
  pool: Pool;
  log: Log;
  now: () => Date;
  clock: Pick<Clock, "monotonicMs">;
}

const PAGE = 200;
/** A team with many has many turns, and between two of them each other team has one. */
const TURN_MS = 1_000;

/** Masks what may be masked now of a team, for a turn. Returns the request behind which to go on; null when it has seen all. */
export async function maskTeam(tools: Tools, teamId: string, after = ""): Promise<string | null> {
  const { pool, now, clock } = tools;
  const endsMs = clock.monotonicMs() + TURN_MS;
  for (let last = after; ; ) {
    const page = await nextUnmasked(pool, { team_id: teamId, id: last }, { now: now(), limit: PAGE });
    for (const { id, is_over } of page) {
      if (is_over) await maskOne(tools, { team_id: teamId, id });
      last = id;
      if (clock.monotonicMs() >= endsMs) return last;
    }
    if (page.length < PAGE) return null;
  }
}

async function maskOne({ pool, log, now }: Tools, key: MaskKey): Promise<void> {
  try {
    await inTransaction(pool, async (client) => {
      const request = await takeUnmasked(client, key, now());
      if (request) await maskTaken(client, log, { key, request, now: now() });
    });
  } catch (err) {
    if (isDatabaseAway(err)) throw err;
    // Those behind it do not wait for it. Nobody sees it meanwhile.
    log.error({ err, request_id: key.id }, "A request could not be masked; it is tried again");
  }
}

async function maskTaken(
  db: Queryable,
  log: Log,
  { key, request, now }: { key: MaskKey; request: UnmaskedRequest; now: Date },
): Promise<void> {
  const found = await readMadeOf(db, key);
  if (!found) return;
  const masked = maskSurely(log, key, request);
  const made = maskMade(found, makeDerivedMask(masked));
  await writeMasked(db, key, { request: masked.request, made, now });
}

/** What cannot be masked at its places is masked as a whole: it would stay in clear for ever. */
function maskSurely(log: Log, key: MaskKey, request: UnmaskedRequest): Masked<UnmaskedRequest> {
  try {
    return maskRequest(request, request.masks);
  } catch (err) {
    log.error({ err, request_id: key.id }, "A request could not be masked at its paths; it is masked as a whole");
    const nothing = { path: `/${MASK}`, query: "", headers: [], body: Buffer.from(MASK) };
    return { request: { ...request, ...nothing }, secrets: [], isWhole: true };
  }
}

function maskMade({ events, ignored, attempts }: MadeOf, mask: DerivedMask): MadeOf {
  return {
    events: events.map(({ id, transformed, transformed_body, order_key, turn_key, why }) => ({
      id,
      transformed: transformed && mask.head(transformed),
      transformed_body: transformed_body && mask.bytes(transformed_body),
      // A finished event needs its place in line no more.
      order_key: order_key === null || mask.text(order_key) !== order_key ? null : order_key,
      turn_key: turn_key === null || mask.text(turn_key) !== turn_key ? null : turn_key,
      why: mask.list(why),
    })),
    ignored: ignored.map(({ id, detail, why }) => ({ id, detail: mask.text(detail), why: mask.list(why) })),
    attempts: attempts.map(({ id, requested_url, request_headers, response_headers, response_body }) => ({
      id,
      requested_url: mask.url(requested_url),
      request_headers: mask.headers(request_headers),
      response_headers: response_headers && mask.headers(response_headers),
      response_body: response_body && mask.bytes(response_body),
    })),
  };
}
