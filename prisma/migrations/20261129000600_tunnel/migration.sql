-- Sessions of `switchyard listen`; see Tunnel. They end with their destination, and those that nobody comes back to are ended by a worker.
create table "tunnel" (
  "team_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "session" text not null,
  "seen_at" timestamptz(3) not null,
  "created_at" timestamptz(3) not null,
  constraint "tunnel_pkey" primary key ("destination_id"),
  constraint "tunnel_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade,
  constraint "tunnel_destination_id_fkey" foreign key ("destination_id") references "destination" ("id") on delete cascade on update cascade
);
create index "tunnel_team_id_idx" on "tunnel" ("team_id");
