-- Passkeys of people: public keys of authenticators that hold the private one. docs/decisions/048-passkeys.md
create table "passkey" (
  "id" text collate "C" not null,
  "user_id" text collate "C" not null,
  "credential_id" text collate "C" not null,
  "public_key" bytea not null,
  "counter" bigint not null,
  "transports" text[] not null,
  "is_backed_up" boolean not null,
  "name" text not null,
  "last_used_at" timestamptz(3),
  "created_at" timestamptz(3) not null,
  constraint "passkey_pkey" primary key ("id"),
  constraint "passkey_user_id_fkey" foreign key ("user_id") references "user" ("id") on delete cascade on update cascade
);
create unique index "passkey_credential_id_key" on "passkey" ("credential_id");
create index "passkey_user_id_idx" on "passkey" ("user_id");
