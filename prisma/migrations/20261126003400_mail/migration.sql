-- Addresses that may be told by e-mail, and how many mails went out on a day. docs/decisions/064-mail-with-consent.md
create table "mail_address" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "address" text not null,
  "code_hash" bytea,
  "code_made_at" timestamptz(3),
  "answer" text,
  "confirmed_at" timestamptz(3),
  "created_at" timestamptz(3) not null,
  constraint "mail_address_pkey" primary key ("id"),
  constraint "mail_address_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "mail_address_team_id_address_key" on "mail_address" ("team_id", "address");

-- No reference to the team: a team that is deleted and made again has sent what it has sent.
create table "mail_count" (
  "day" date not null,
  "team_id" text collate "C" not null,
  "code_to" text not null,
  "sent" integer not null,
  constraint "mail_count_pkey" primary key ("day", "team_id", "code_to")
);
