-- What a team watches for, where it is not the usual. docs/decisions/054-issues-from-counts.md
create table "issue_rules" (
  "team_id" text collate "C" not null,
  "rules" json not null,
  "updated_at" timestamptz(3) not null,
  constraint "issue_rules_pkey" primary key ("team_id"),
  constraint "issue_rules_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
