-- What the demo of a team has made, so that it can be taken away again without a trace.
create table "demo" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "source_ids" text[] collate "C" not null,
  "destination_ids" text[] collate "C" not null,
  "transformation_ids" text[] collate "C" not null,
  "sent_count" integer not null default 0,
  "last_sent_at" timestamptz(3),
  "sends_until" timestamptz(3) not null,
  "problem" text,
  "removed_at" timestamptz(3),
  "created_at" timestamptz(3) not null,
  constraint "demo_pkey" primary key ("team_id"),
  constraint "demo_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
