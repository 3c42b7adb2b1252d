-- The lowest and the highest request of a flush: whether one request waits for routing is then seen without reading the lists.
-- A row that does not say may hold any.
alter table "hand_off"
  add column "first_id" text collate "C" not null default '',
  add column "last_id" text collate "C" not null default '~';
create index "hand_off_first_id_last_id_idx" on "hand_off" ("first_id", "last_id");
