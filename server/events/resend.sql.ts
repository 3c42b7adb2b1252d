// The statement that makes a debug copy: the same request, as the event delivers it, at another destination of the team.
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import { storableJson } from "#server/json/storable.ts";
import { countMoves } from "./branch-counts.sql.ts";
import { eventColumns } from "./event-row.sql.ts";
import type { Statement } from "./moves.sql.ts";
import type { RequestHead } from "./stored-request.sql.ts";

const RESEND = `
with made as (
  insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, event_type, trigger, next_attempt_at,
    transformed, transformed_body, why, created_at, resent_from, occurred_at, resource_id)
  select e.team_id, $3, e.request_id, e.source_id, '${DEBUG_COPIES}', d.id, 'QUEUED', e.event_type, 'MANUAL', now(),
    coalesce($7::json, e.transformed), case when $7::json is null then e.transformed_body else $8::bytea end, $6::json, $5::timestamptz, e.id, e.occurred_at, e.resource_id
  from event e join destination d on d.id = $4 and d.team_id = e.team_id where e.team_id = $1 and e.id = $2
  returning *
), tallied as (
  ${countMoves("select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from made")}
), counted as (
  ${rollupUpsert(["event_count"], "select team_id, created_at as at, source_id, connection_id, destination_id, 1 as event_count from made")}
)
select ${eventColumns("made")} from made`;

export interface Resend {
  teamId: string;
  /** The event that is copied. */
  eventId: string;
  /** The id of the copy: one of the event's request, so that both go with it. */
  copyId: string;
  destinationId: string;
  now: Date;
  /** In place of what the event brings. */
  edited: { head: RequestHead; body: Buffer } | null;
}

/** Makes a copy of an event, due at once; the event stays as it is. Returns the copy. */
export const resendStatement = ({ teamId, eventId, copyId, destinationId, now, edited }: Resend): Statement => ({
  text: RESEND,
  values: [
    ...[teamId, eventId, copyId, destinationId, now.toISOString()],
    JSON.stringify([{ step: "debug_copy", outcome: edited ? "edited" : "sent_elsewhere", event_id: eventId }]),
    ...[edited && storableJson(edited.head), edited?.body ?? null],
  ],
});
