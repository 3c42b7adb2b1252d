-- The requests that a source with a rate limit took in the running window, over all gateways. Unlogged: a crash of Postgres
-- forgets one window, and no request waits for this to reach the disk.
create unlogged table "source_rate" (
  "source_id" text collate "C" not null,
  "slot_ends" bigint[] not null default '{}',
  "counts" integer[] not null default '{}',
  constraint "source_rate_pkey" primary key ("source_id"),
  constraint "source_rate_source_id_fkey" foreign key ("source_id") references "source" ("id") on delete cascade on update cascade
) with (fillfactor = 50);
alter table "rollup_minute" add column "rejected_rate_count" integer not null default 0;
alter table "rollup_hour" add column "rejected_rate_count" integer not null default 0;
alter table "rollup_day" add column "rejected_rate_count" integer not null default 0;
