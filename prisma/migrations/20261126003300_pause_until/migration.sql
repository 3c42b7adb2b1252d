-- When a pause ends by itself; null while it has no end.
alter table "connection" add column "paused_until" timestamptz(3);
create index "connection_paused_until_idx" on "connection" ("paused_until") where "paused_until" is not null;
