-- The source of a team's own happenings, at most one. No door takes requests for it.
alter table "source" add column "is_system" boolean not null default false;
create unique index "source_system_idx" on "source" ("team_id") where "is_system";

-- How far the happenings of a team were told to it.
create table "system_feed" (
  "team_id" text collate "C" not null,
  "audit_seq" bigint not null,
  "attempts_until" timestamptz(3) not null,
  "sent_count" bigint not null default 0,
  "skipped_count" bigint not null default 0,
  constraint "system_feed_pkey" primary key ("team_id"),
  constraint "system_feed_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
