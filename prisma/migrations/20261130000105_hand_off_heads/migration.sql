-- The door says of each request what routing would read it for: its event type, and whether it was marked NO_CONNECTION.
-- A row without them, of a version that does not write them, is routed by what is read.
alter table "hand_off" add column "heads" json;
-- A row lives for some milliseconds: compressing it takes longer than writing it.
alter table "hand_off" alter column "requests" set storage external, alter column "heads" set storage external;
