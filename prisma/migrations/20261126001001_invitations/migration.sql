-- A place in a team that waits for the person at one e-mail address; the link that takes it is kept by the hash of its token.
create table "invitation" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "email" text not null,
  "role" text not null,
  "token_hash" text not null,
  "invited_by" text collate "C" not null,
  "expires_at" timestamptz(3) not null,
  "accepted_at" timestamptz(3),
  "revoked_at" timestamptz(3),
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "invitation_pkey" primary key ("team_id", "id"),
  constraint "invitation_role_check" check ("role" in ('owner', 'admin', 'member', 'viewer')),
  constraint "invitation_email_check" check ("email" = lower("email")),
  constraint "invitation_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "invitation_token_hash_key" on "invitation" ("token_hash");
