-- Flows as they were applied last, and what each declares. docs/decisions/084-a-file-says-everything.md
create table "flow" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "name" text not null,
  "text" text not null,
  "actor_kind" text not null,
  "actor_id" text not null,
  "applied_at" timestamptz(3) not null,
  constraint "flow_pkey" primary key ("id"),
  constraint "flow_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "flow_team_id_name_key" on "flow" ("team_id", "name");

create table "flow_resource" (
  "team_id" text collate "C" not null,
  "resource_id" text collate "C" not null,
  "flow_id" text collate "C" not null,
  "kind" text not null,
  "name" text not null,
  "declared" text not null,
  "declared_at" timestamptz(3) not null,
  constraint "flow_resource_pkey" primary key ("team_id", "resource_id"),
  constraint "flow_resource_flow_id_fkey" foreign key ("flow_id") references "flow" ("id") on delete cascade on update cascade
);
create index "flow_resource_flow_id_idx" on "flow_resource" ("flow_id");
