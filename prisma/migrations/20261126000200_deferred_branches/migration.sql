-- A request on one connection whose rules are costly, or which could not be routed at once: it waits here for its team's turn.
create table "deferred_branch" (
  "id" bigint generated always as identity not null,
  "team_id" text collate "C" not null,
  "request_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "body_bytes" integer not null,
  "is_replay" boolean not null,
  "tries" integer not null default 0,
  "due_at" timestamptz(3) not null,
  constraint "deferred_branch_pkey" primary key ("id")
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- From team to team, and within a team in order.
create index "deferred_branch_turn_idx" on "deferred_branch" ("team_id", "due_at", "id");
