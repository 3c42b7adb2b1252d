-- Why requests were refused and branches left out, beside how many.
alter table "rollup_minute"
  add column "rejected_disabled_count" integer not null default 0,
  add column "rejected_method_count" integer not null default 0,
  add column "rejected_size_count" integer not null default 0,
  add column "rejected_encoding_count" integer not null default 0,
  add column "rejected_timestamp_count" integer not null default 0,
  add column "ignored_duplicate_count" integer not null default 0,
  add column "ignored_filtered_count" integer not null default 0,
  add column "ignored_transform_count" integer not null default 0,
  add column "ignored_disabled_count" integer not null default 0;

-- The sums of whole hours and days in UTC, which a worker makes of the minutes.
create table "rollup_hour" (like "rollup_minute" including defaults);
alter table "rollup_hour" add constraint "rollup_hour_pkey"
  primary key ("team_id", "bucket", "source_id", "connection_id", "destination_id");
create table "rollup_day" (like "rollup_minute" including defaults);
alter table "rollup_day" add constraint "rollup_day_pkey"
  primary key ("team_id", "bucket", "source_id", "connection_id", "destination_id");

/* Histograms element by element. */
create aggregate "histogram_sum"(integer[]) (sfunc = histogram_add, stype = integer[], initcond = '{}');

-- Up to when the hours are made.
create table "rollup_progress" (
  "id" integer not null,
  "hours_until" timestamptz(3) not null,
  constraint "rollup_progress_pkey" primary key ("id"),
  constraint "rollup_progress_single" check ("id" = 1)
);

-- Hours whose minutes changed when they may have been made already. A row for each change: one that is there already may be on
-- its way out with a sum from before this change.
create table "rollup_late" (
  "id" bigint generated always as identity,
  "team_id" text collate "C" not null,
  "hour" timestamptz(3) not null,
  constraint "rollup_late_pkey" primary key ("id")
);
create function "rollup_note_late"() returns trigger language plpgsql as $$
begin
  insert into rollup_late (team_id, hour) values (new.team_id, date_trunc('hour', new.bucket, 'UTC'));
  return null;
end $$;
create trigger "rollup_minute_late" after insert or update on "rollup_minute"
  for each row when (new.bucket < now() - interval '1 hour') execute function "rollup_note_late"();

insert into "rollup_progress" ("id", "hours_until") values (1, date_trunc('hour', now() - interval '2 hours', 'UTC'));
insert into "rollup_hour" select "team_id", date_trunc('hour', "bucket", 'UTC') as "hour", "source_id", "connection_id", "destination_id",
  sum("accepted_count"), sum("rejected_count"), sum("duplicate_count"), sum("signature_failure_count"), sum("event_count"),
  sum("ignored_count"), sum("attempt_count"), sum("delivered_count"), sum("failed_count"), sum("retrying_count"), sum("hold_count"),
  histogram_sum("latency_histogram"), sum("cancelled_count")
from "rollup_minute" where "bucket" < (select "hours_until" from "rollup_progress")
group by "team_id", "hour", "source_id", "connection_id", "destination_id";
insert into "rollup_day" select "team_id", date_trunc('day', "bucket", 'UTC') as "day", "source_id", "connection_id", "destination_id",
  sum("accepted_count"), sum("rejected_count"), sum("duplicate_count"), sum("signature_failure_count"), sum("event_count"),
  sum("ignored_count"), sum("attempt_count"), sum("delivered_count"), sum("failed_count"), sum("retrying_count"), sum("hold_count"),
  histogram_sum("latency_histogram"), sum("cancelled_count")
from "rollup_hour" group by "team_id", "day", "source_id", "connection_id", "destination_id";
