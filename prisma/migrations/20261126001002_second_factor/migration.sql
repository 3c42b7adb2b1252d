-- A second factor of a person: the secret of their authenticator and the codes for its loss, both encrypted.
alter table "user" add column "two_factor_enabled" boolean not null default false;

create table "two_factor" (
  "id" text collate "C" not null,
  "user_id" text collate "C" not null,
  "secret" text not null,
  "backup_codes" text not null,
  "verified" boolean not null default true,
  "failed_verification_count" integer not null default 0,
  "locked_until" timestamptz(3),
  constraint "two_factor_pkey" primary key ("id"),
  constraint "two_factor_user_id_fkey" foreign key ("user_id") references "user" ("id") on delete cascade on update cascade
);
create unique index "two_factor_user_id_key" on "two_factor" ("user_id");
