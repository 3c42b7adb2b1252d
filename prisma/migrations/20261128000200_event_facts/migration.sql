-- What an event tells of itself in its provider's words, read when it is routed: when it happened, and what it is about.
alter table "event" add column "occurred_at" timestamptz(3), add column "resource_id" text;
alter table "ignored_event" add column "occurred_at" timestamptz(3), add column "resource_id" text;
