-- Readers who want no notifications of a team. It outlives the address among the team's own, so nobody asks again by adding it anew.
create table "mail_unsubscribed" (
  "team_id" text collate "C" not null,
  "address" text not null,
  "created_at" timestamptz(3) not null,
  constraint "mail_unsubscribed_pkey" primary key ("team_id", "address"),
  constraint "mail_unsubscribed_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
