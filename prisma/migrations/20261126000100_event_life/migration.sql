-- Why an event is held, why it failed for good, and the moves that leave no attempt: null for nearly every event.
alter table "event" add column "hold_reason" text;
alter table "event" add column "ended_because" text;
alter table "event" add column "moves" json[];

update "event" e set "hold_reason" = case when c."paused_at" is null and d."disabled_at" is not null then 'destination_disabled' else 'connection_paused' end
from "connection" c join "destination" d on d."id" = c."destination_id"
where e."status" = 'HOLD' and e."connection_id" = c."id";

-- What is released is released by reason, and one look per reason and branch finds what is held without one.
drop index "event_hold_idx";
create index "event_hold_idx" on "event" ("connection_id", coalesce("hold_reason", ''), "destination_id", "id") where "status" = 'HOLD';

alter table "rollup_minute" add column "cancelled_count" integer not null default 0;
