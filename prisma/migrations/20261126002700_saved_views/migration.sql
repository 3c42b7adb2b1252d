-- Views of lists that teams have saved: filters under a name. docs/decisions/060-saved-views.md
create table "saved_view" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "list" text not null,
  "name" text not null,
  "filters" json not null,
  "created_at" timestamptz(3) not null,
  "updated_at" timestamptz(3) not null,
  constraint "saved_view_pkey" primary key ("id"),
  constraint "saved_view_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "saved_view_team_id_list_name_key" on "saved_view" ("team_id", "list", "name");
