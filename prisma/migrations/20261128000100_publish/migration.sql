-- The answers to publishes that came with an idempotency key.
create table "publish_key" (
  "team_id" text collate "C" not null,
  "key" text collate "C" not null,
  "digest" bytea not null,
  "answer" json,
  "created_at" timestamptz(3) not null,
  constraint "publish_key_pkey" primary key ("team_id", "key"),
  constraint "publish_key_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create index "publish_key_created_at_idx" on "publish_key" using brin ("created_at");
