-- People, as the log-in library keeps them: who they are, how they prove it, and where they are signed in. Nobody was in these
-- two tables before there was a log-in.
alter table "user" add column "email_verified" boolean not null default false;
alter table "user" add column "image" text;
alter table "user" add constraint "user_email_check" check ("email" = lower("email"));
create index "member_user_id_idx" on "member" ("user_id");

create table "session" (
  "id" text collate "C" not null,
  "user_id" text collate "C" not null,
  "token" text not null,
  "expires_at" timestamptz(3) not null,
  "ip_address" text,
  "user_agent" text,
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "session_pkey" primary key ("id"),
  constraint "session_user_id_fkey" foreign key ("user_id") references "user" ("id") on delete cascade on update cascade
);
create unique index "session_token_key" on "session" ("token");
create index "session_user_id_idx" on "session" ("user_id");

create table "account" (
  "id" text collate "C" not null,
  "user_id" text collate "C" not null,
  "provider_id" text not null,
  "account_id" text not null,
  "password" text,
  "access_token" text,
  "refresh_token" text,
  "id_token" text,
  "access_token_expires_at" timestamptz(3),
  "refresh_token_expires_at" timestamptz(3),
  "scope" text,
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "account_pkey" primary key ("id"),
  constraint "account_user_id_fkey" foreign key ("user_id") references "user" ("id") on delete cascade on update cascade
);
create unique index "account_provider_id_account_id_key" on "account" ("provider_id", "account_id");
create index "account_user_id_idx" on "account" ("user_id");

create table "verification" (
  "id" text collate "C" not null,
  "identifier" text not null,
  "value" text not null,
  "expires_at" timestamptz(3) not null,
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "verification_pkey" primary key ("id")
);
create index "verification_identifier_idx" on "verification" ("identifier");

-- The links that make the first owner, by the hash of their token.
create table "owner_link" (
  "token_hash" text not null,
  "expires_at" timestamptz(3) not null,
  "used_at" timestamptz(3),
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "owner_link_pkey" primary key ("token_hash")
);

-- When somebody last tried to get in, by account and by address; older tries are forgotten.
create table "sign_in_try" (
  "key" text not null,
  "tried_at" timestamptz(3)[] not null,
  constraint "sign_in_try_pkey" primary key ("key")
);
