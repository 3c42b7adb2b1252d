-- Files of many events in a bucket: which events a file has is stored before it is written.
create table "object_batch" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "key" text not null,
  "event_ids" text[] collate "C",
  "digest" text,
  "created_at" timestamptz(3) not null,
  constraint "object_batch_pkey" primary key ("team_id", "id"),
  constraint "object_batch_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
alter table "event" add column "object_batch_id" text collate "C";
