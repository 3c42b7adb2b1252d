-- Order at a destination. Events of the same line, which is a destination with an order key, go out one after the other.
update "destination" set "config" = '{"ordering": "none", "ordering_key": null, "on_order_failure": "block"}'::jsonb || "config"::jsonb;

-- Null for every event of a destination that keeps no order.
alter table "event" add column "order_key" text collate "C";
-- What is still in a line, in the order in which it came: the unfinished, and the failed that later ones wait for.
create index "event_order_idx" on "event" ("destination_id", "order_key", "request_id", "id")
  where "order_key" is not null and ("status" in ('QUEUED', 'SCHEDULED', 'RETRYING', 'HOLD')
    or "status" = 'FAILED' and "ended_because" is distinct from 'skipped_in_order');

-- The lines that have events, and when each is to be looked at. Nothing is true because it stands here: a lane reads the events.
create table "order_line" (
  "destination_id" text collate "C" not null,
  "order_key" text collate "C" not null,
  "due_at" timestamptz(3) not null,
  "from_id" text collate "C" not null,
  "is_blocked" boolean not null default false,
  "version" bigint not null default 0,
  constraint "order_line_pkey" primary key ("destination_id", "order_key")
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index "order_line_due_idx" on "order_line" ("destination_id", "due_at", "order_key");

-- The order that the keys of a destination's events were made for, and when to look for stragglers of the order before it.
alter table "lane" add column "order_of" text;
alter table "lane" add column "order_sort_at" timestamptz(3);

-- Whether later requests of the same source wait until this branch is decided.
alter table "deferred_branch" add column "is_ordered" boolean not null default false;
create index "deferred_branch_order_idx" on "deferred_branch" ("connection_id", "request_id") where "is_ordered";
