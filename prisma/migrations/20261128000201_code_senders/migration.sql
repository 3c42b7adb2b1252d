-- Who asked for a code: a person, whatever team they ask for. Empty: notifications, which nobody asks for.
alter table "mail_count" add column "sender" text collate "C" not null default '',
  drop constraint "mail_count_pkey",
  add constraint "mail_count_pkey" primary key ("day", "team_id", "code_to", "sender");
