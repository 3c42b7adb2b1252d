-- As sources, destinations and connections have one.
alter table "transformation" add column "description" text;
