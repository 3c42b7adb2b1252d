-- Fair turns at a destination. Events with the same turn key wait for each other, and the turn keys of a destination take turns.
-- Null for every event of a destination that has one turn key only.
alter table "event" add column "turn_key" text collate "C";
create index "event_turn_idx" on "event" ("destination_id", "turn_key", "next_attempt_at", "id")
  where "turn_key" is not null and "status" in ('QUEUED', 'SCHEDULED', 'RETRYING');
