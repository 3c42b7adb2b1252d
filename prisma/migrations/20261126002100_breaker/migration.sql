alter table "lane" add column "breaker" json, add column "breaker_holds" boolean not null default false, add column "breaker_wake_at" timestamptz(3);
-- What is held for a breaker, in the order in which it is let go. Only such events cost an entry.
create index "event_breaker_idx" on "event" ("destination_id", "id") where "status" = 'HOLD' and "hold_reason" = 'breaker_open';
