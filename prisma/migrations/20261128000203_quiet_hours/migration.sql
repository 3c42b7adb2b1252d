-- When a notification tells nothing of issues, and what it tells all the same. docs/decisions/073-quiet-hours.md
alter table "connection" add column "quiet_hours" jsonb;
