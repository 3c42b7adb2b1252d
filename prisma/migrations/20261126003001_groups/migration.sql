-- Groups of a destination: the place that the turn keys of its events were read from, and when to look for stragglers of the one before.
alter table "lane" add column "group_of" text;
alter table "lane" add column "group_sort_at" timestamptz(3);

-- The sends of each group with a rate limit that still count. Deleted when they have been forgotten.
create table "group_rate" (
  "destination_id" text collate "C" not null,
  "turn_key" text collate "C" not null,
  "rate_log" json not null,
  "expires_at" timestamptz(3) not null,
  constraint "group_rate_pkey" primary key ("destination_id", "turn_key")
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index "group_rate_expires_at_idx" on "group_rate" ("expires_at");

-- The groups that are held because somebody paused them.
create index "event_paused_group_idx" on "event" ("destination_id", "turn_key", "id")
  where "status" = 'HOLD' and "hold_reason" = 'group_paused';
