-- An operation feeds a destination no faster than it drains, each destination at its own pace: where a destination is full, the
-- operation goes on with the others and comes back to it by a cursor of its own.
alter table "bulk_operation" add column "strands" json not null default '[]';

-- Events that an operation has ended.
alter table "bulk_operation" add column "cancelled_count" integer not null default 0;

-- Retention takes finished operations by age.
create index "bulk_operation_finished_idx" on "bulk_operation" ("team_id", "finished_at") where "finished_at" is not null;
