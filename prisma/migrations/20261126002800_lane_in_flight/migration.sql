-- How many sends of a lane were under way when its lease was renewed last, for those who look at its destination.
alter table "lane" add column "in_flight_count" integer not null default 0;
