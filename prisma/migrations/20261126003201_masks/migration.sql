-- The paths that are masked in a request, as JSON, and when they were masked where it is stored: after its last event has
-- ended. Only requests of sources that mask have an entry in the index, and only until then.
alter table "request" add column "masks" text, add column "masked_at" timestamptz(3);
create index "request_mask_idx" on "request" ("team_id", "id") where "masks" is not null and "masked_at" is null;
