-- What a key may do of what its scope holds; empty stands for all of it.
alter table "api_key" add column "capabilities" text[] not null default '{}';
