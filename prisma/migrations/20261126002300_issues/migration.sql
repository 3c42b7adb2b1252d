-- Signals: what a team should know of, grouped by kind and subject, and the rhythm of each source.
create table "issue" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "kind" text not null,
  "subject_kind" text not null,
  "subject_id" text collate "C" not null,
  "subject_name" text not null,
  "state" text not null,
  "needs_person" boolean not null,
  "count" bigint not null default 0,
  "evidence" jsonb not null,
  "bars" jsonb not null,
  "history" jsonb[] not null,
  "opened_count" integer not null default 1,
  "last_minute_count" integer not null default 0,
  "resolved_by" jsonb,
  "first_at" timestamptz(3) not null,
  "last_at" timestamptz(3) not null,
  "snoozed_until" timestamptz(3),
  "resolved_at" timestamptz(3),
  "resolved_because" text,
  "created_at" timestamptz(3) not null,
  "updated_at" timestamptz(3) not null,
  constraint "issue_pkey" primary key ("team_id", "id"),
  constraint "issue_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
-- One at a time for each kind and subject.
create unique index "issue_live_idx" on "issue" ("team_id", "kind", "subject_id") where "state" <> 'resolved';

-- When a team was last looked at, and up to which minute its sources were heard.
create table "issue_watch" (
  "team_id" text collate "C" not null,
  "watched_at" timestamptz(3) not null,
  "heard_until" timestamptz(3) not null,
  constraint "issue_watch_pkey" primary key ("team_id"),
  constraint "issue_watch_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);

-- How long a source is usually quiet, by the hour in which the quiet began.
create table "source_rhythm" (
  "team_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "heard_at" timestamptz(3) not null,
  "gaps" jsonb not null default '[]',
  constraint "source_rhythm_pkey" primary key ("team_id", "source_id"),
  constraint "source_rhythm_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
