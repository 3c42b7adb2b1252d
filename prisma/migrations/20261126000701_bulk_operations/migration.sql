-- A retry, replay or backfill of many: the worker goes through what the frozen filter names, page by page.
create table "bulk_operation" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "kind" text not null,
  "state" text not null,
  "filter" json not null,
  "cursor" text collate "C" not null default '',
  "rate_limit" integer,
  "rate_limit_period" text,
  "total_count" integer,
  "looked_at_count" integer not null default 0,
  "queued_count" integer not null default 0,
  "held_count" integer not null default 0,
  "routed_count" integer not null default 0,
  "skipped" json not null default '{}',
  "tries" integer not null default 0,
  "error" text,
  "actor_kind" text not null,
  "actor_id" text not null,
  "created_at" timestamptz(3) not null,
  "next_page_at" timestamptz(3) not null,
  "served_at" timestamptz(3),
  "finished_at" timestamptz(3),
  constraint "bulk_operation_pkey" primary key ("team_id", "id"),
  constraint "bulk_operation_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create index "bulk_operation_running_idx" on "bulk_operation" ("team_id", "next_page_at") where "state" = 'RUNNING';

-- The operation that queued an event last: its attempts are what the progress of the operation counts.
alter table "event" add column "bulk_id" text collate "C";
create index "event_bulk_idx" on "event" ("team_id", "bulk_id") where "bulk_id" is not null;

-- A branch that an operation hands on, and one that is sent although its filter does not pass it.
alter table "deferred_branch" add column "bulk_id" text collate "C";
alter table "deferred_branch" add column "is_forced" boolean not null default false;
create index "bulk_operation_team_id_served_at_idx" on "bulk_operation" ("team_id", "served_at");
