-- The event of which this one is a copy, sent to another destination to look at it there.
alter table "event" add column "resent_from" text collate "C";
