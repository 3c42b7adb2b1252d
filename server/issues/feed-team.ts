// The feed of a team's system source: what became of its configuration and of its events. It is bounded, and what is over
// the bound is told as a number. What comes of delivering system events is never told, so nothing can feed itself.
import type { Pool, Queryable } from "#server/database/db.ts";
import { lowestId } from "#server/ids.ts";
import {
  type AuditRow,
  changesAfter,
  type EndRow,
  endsBetween,
  forgetProgress,
  loadProgress,
  saveProgress,
} from "./feed.sql.ts";
import { DAY_MS, MINUTE_MS } from "./finding.ts";
import { inBounds } from "./in-bounds.ts";
import { emit, heardSource } from "./system-events.sql.ts";
import type { SystemEvent } from "./system-request.ts";

/** In one look. */
const MAX_CHANGES = 100;
/** In one step: a minute of attempts, which stays within the bound of time however long nobody looked. */
const MAX_ENDS = 200;
/** In one look, of a minute each: after a standstill the feed catches up five times as fast as time goes. */
const MAX_STEPS = 5;
/** Kinds of resources whose changes are told: what people do with events and issues, and log-ins, are none of them. */
const CONFIGURATION = new Set([
  "source",
  "destination",
  "connection",
  "transformation",
  "team",
  "api_key",
  "invitation",
]);
/** An attempt takes a minute at most, and is written a little later: then all of a time are there. */
const SETTLED_AFTER_MS = 1.5 * MINUTE_MS;

export async function feedTeam(pool: Pool, teamId: string, now: Date): Promise<void> {
  await inBounds(pool, (db) => feedChanges(db, teamId, now));
  for (let step = 0; step < MAX_STEPS; step++) {
    if (!(await inBounds(pool, (db) => feedEnds(db, teamId, now)))) return;
  }
}

const settledUntil = (now: Date) => new Date(now.getTime() - SETTLED_AFTER_MS);

async function feedChanges(db: Queryable, teamId: string, now: Date): Promise<void> {
  const sourceId = await heardSource(db, teamId);
  if (sourceId === null) return forgetProgress(db, teamId);
  const progress = await loadProgress(db, teamId, settledUntil(now));
  const changes = await changesAfter(db, teamId, progress.auditSeq, MAX_CHANGES, now);
  // What an agent only asked has changed nothing, and what it changed has an entry of its own.
  const told = changes.filter(({ resource_kind, action }) => CONFIGURATION.has(resource_kind) && action !== "call");
  const sent = await emit(db, { teamId, sourceId }, told.map(changeEvent));
  const auditSeq = Number(changes.at(-1)?.seq ?? progress.auditSeq);
  await saveProgress(db, teamId, { ...progress, auditSeq }, { sent, skipped: 0 });
}

/** Tells the ends of one step of time. Returns whether there is another one. */
async function feedEnds(db: Queryable, teamId: string, now: Date): Promise<boolean> {
  const sourceId = await heardSource(db, teamId);
  if (sourceId === null) return false;
  const settled = settledUntil(now);
  const progress = await loadProgress(db, teamId, settled);
  const fromMs = Math.max(progress.attemptsUntil.getTime(), now.getTime() - DAY_MS);
  if (fromMs >= settled.getTime()) return false;
  const attemptsUntil = new Date(Math.min(fromMs + MINUTE_MS, settled.getTime()));
  const ends = await endsBetween(db, teamId, {
    from: lowestId("attempt", fromMs),
    to: lowestId("attempt", attemptsUntil.getTime()),
    systemSourceId: sourceId,
    limit: MAX_ENDS,
  });
  const skipped = Math.max(0, (ends[0]?.total ?? 0) - ends.length);
  const events = [...ends.map(endEvent), ...(skipped > 0 ? [skippedEvent(skipped, attemptsUntil)] : [])];
  const sent = await emit(db, { teamId, sourceId }, events);
  await saveProgress(db, teamId, { ...progress, attemptsUntil }, { sent, skipped });
  return attemptsUntil < settled;
}

const changeEvent = (row: AuditRow): SystemEvent => ({
  key: row.id,
  type: `configuration.changed.${row.resource_kind}`,
  at: row.created_at,
  text: `${row.resource_kind} ${row.resource_id}: ${row.action}.`,
  data: {
    action: row.action,
    actor: { kind: row.actor_kind, id: row.actor_id },
    resource: { kind: row.resource_kind, id: row.resource_id },
    audit_entry_id: row.id,
  },
});

const endEvent = ({ id, status, created_at, total: _, ...row }: EndRow): SystemEvent => {
  const word = status === "DELIVERED" ? "delivered" : "failed";
  return {
    key: id,
    type: `event.${word}`,
    at: created_at,
    text: `Event ${row.event_id} ${word === "failed" ? "has failed" : "was delivered"} after ${row.attempts} attempts.`,
    data: { ...row, attempt_id: id, status },
  };
};

const skippedEvent = (count: number, until: Date): SystemEvent => ({
  key: `skipped ${until.toISOString()}`,
  type: "event.ends_skipped",
  at: until,
  text: `${count} more events ended than are told one by one.`,
  data: { count },
});
