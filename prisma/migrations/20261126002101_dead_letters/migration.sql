-- Events that have failed for good and are to be forwarded. A row is deleted by the statement that writes the letter.
create table "dead_letter" (
  "team_id" text collate "C" not null,
  "event_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  constraint "dead_letter_pkey" primary key ("team_id", "event_id"),
  constraint "dead_letter_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
alter table "event" add column "dead_letter_of" text collate "C";
