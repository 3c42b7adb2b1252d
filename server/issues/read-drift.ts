// The look at the shapes of payloads, now and then: a bounded number of small bodies of sources whose rules read some of them.
import type { Rule } from "#server/contracts/rule.ts";
import type { Pool, Queryable } from "#server/database/db.ts";
import { lowestId } from "#server/ids.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./finding.ts";
import { inBounds } from "./in-bounds.ts";
import type { Shapes } from "./payload-drift.ts";
import { pathsReadBy, type ReadPath, withinPaths } from "./read-paths.ts";

export interface DriftEvidence {
  connectionId: string;
  paths: ReadPath[];
  shapes: Shapes[];
}

const EVERY_MINUTES = 10;
const MAX_REQUESTS = 200;
const MAX_BODY_BYTES = 16_384;
const MAX_CONNECTIONS = 200;
/** Of a team in one look: each is looked for in each body, on the thread that delivers. */
const MAX_PATHS = 500;

interface Reader {
  id: string;
  source_id: string;
  rules: Rule[];
}
const READERS = `
select c.id, c.source_id, c.rules from connection c join source s on s.id = c.source_id
where c.team_id = $1 and c.disabled_at is null and not s.is_system and c.rules::text ~ '"(filter|deduplicate|transform)"'
order by c.id limit ${MAX_CONNECTIONS}`;

const BODIES = `
select source_id, event_type, body from request
where team_id = $1 and id >= $2 and id < $3 and source_id = any ($4::text[]) and status = 'accepted' and erased_at is null and body_bytes between 2 and ${MAX_BODY_BYTES}
order by id desc limit ${MAX_REQUESTS}`;

interface BodyRow {
  source_id: string;
  event_type: string | null;
  body: Buffer;
}

/** Bodies that are JSON, by source and event type. */
async function bodiesBetween(db: Queryable, teamId: string, fromMs: number, toMs: number, sources: string[]) {
  const values = [teamId, lowestId("request", fromMs), lowestId("request", toMs), sources];
  const { rows } = await db.query<BodyRow>({ name: "issues-bodies", text: BODIES, values });
  const byKind = new Map<string, { sourceId: string; eventType: string | null; bodies: unknown[] }>();
  for (const { source_id, event_type, body } of rows) {
    const key = `${source_id} ${event_type ?? ""}`;
    const kind = byKind.get(key) ?? { sourceId: source_id, eventType: event_type, bodies: [] };
    byKind.set(key, kind);
    const parsed = parse(body);
    if (parsed !== undefined) kind.bodies.push(parsed);
  }
  return byKind;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Nothing in the minutes between two looks. The last half hour is held against the day before it. */
export async function readDrift(pool: Pool, teamId: string, now: Date): Promise<DriftEvidence[]> {
  const nowMs = now.getTime();
  if (Math.floor(nowMs / MINUTE_MS) % EVERY_MINUTES !== 0) return [];
  return inBounds(pool, async (db) => {
    const { rows } = await db.query<Reader>({ name: "issues-readers", text: READERS, values: [teamId] });
    const codes = await codesOf(db, teamId);
    const found = rows.map(({ id, source_id, rules }) => ({
      id,
      source_id,
      paths: pathsReadBy(rules, (code) => codes.get(code)),
    }));
    const readers = withinPaths(found, MAX_PATHS);
    const sources = [...new Set(readers.map(({ source_id }) => source_id))];
    if (sources.length === 0) return [];
    const halfAnHourAgo = nowMs - HOUR_MS / 2;
    const after = await bodiesBetween(db, teamId, halfAnHourAgo, nowMs + MINUTE_MS, sources);
    const before = await bodiesBetween(db, teamId, nowMs - DAY_MS, halfAnHourAgo, sources);
    return readers.map(({ id, source_id, paths }) => ({
      connectionId: id,
      paths,
      shapes: [...after]
        .filter(([, { sourceId }]) => sourceId === source_id)
        .map(([key, { eventType, bodies }]) => ({ eventType, now: bodies, before: before.get(key)?.bodies ?? [] })),
    }));
  });
}

async function codesOf(db: Queryable, teamId: string): Promise<Map<string, string>> {
  const text = "select id, code from transformation where team_id = $1 order by id limit 200";
  const { rows } = await db.query<{ id: string; code: string }>({ name: "issues-codes", text, values: [teamId] });
  return new Map(rows.map(({ id, code }) => [id, code]));
}
