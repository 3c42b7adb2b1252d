-- Which process a worker is, so that others on its machine free what it holds as soon as it is gone; see WorkerProcess. Who
-- claims says so on the row: older workers write no name, and what they claim is free when the claim is over.
create table "worker_process" (
  "id" text collate "C" not null,
  "place" text collate "C" not null,
  "pid" integer not null,
  "started_at" text collate "C" not null,
  "runner_ids" text[] not null,
  "beat_at" timestamptz(3) not null,
  constraint "worker_process_pkey" primary key ("id")
);
alter table "hand_off" add column "claimed_by" text collate "C";
alter table "deferred_branch" add column "claimed_by" text collate "C";
