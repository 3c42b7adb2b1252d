-- How many events of a branch are in line, held and failed. The statements that move events add what they change as rows of
-- "branch_count_delta"; a worker adds these up. Together they are the count, and no statement waits for another's row.
create table "branch_count" (
  "team_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "queued_count" bigint not null default 0,
  "scheduled_count" bigint not null default 0,
  "retrying_count" bigint not null default 0,
  "hold_count" bigint not null default 0,
  "failed_count" bigint not null default 0,
  constraint "branch_count_pkey" primary key ("team_id", "source_id", "connection_id", "destination_id")
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create table "branch_count_delta" (
  "team_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "queued_count" integer not null,
  "scheduled_count" integer not null,
  "retrying_count" integer not null,
  "hold_count" integer not null,
  "failed_count" integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- What a move takes away is read from the row itself: a look at it beforehand may be older than the move.
alter table "event" add column "status_before" text;

insert into "branch_count" select "team_id", "source_id", "connection_id", "destination_id",
  count(*) filter (where "status" = 'QUEUED'), count(*) filter (where "status" = 'SCHEDULED'),
  count(*) filter (where "status" = 'RETRYING'), count(*) filter (where "status" = 'HOLD'),
  count(*) filter (where "status" = 'FAILED')
from "event" where "status" in ('QUEUED', 'SCHEDULED', 'RETRYING', 'HOLD', 'FAILED')
group by "team_id", "source_id", "connection_id", "destination_id";

-- How the queue stood, noted once a minute for each branch that had one.
create table "queue_sample" (
  "team_id" text collate "C" not null,
  "bucket" timestamptz(3) not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "queue_depth" bigint not null,
  "hold_count" bigint not null,
  "oldest_age_ms" bigint,
  constraint "queue_sample_pkey" primary key ("team_id", "bucket", "source_id", "connection_id", "destination_id")
);
