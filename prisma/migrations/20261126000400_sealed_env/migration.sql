-- The values of `env`, encrypted as one JSON object; `env` holds those that were saved before and are not sealed yet.
alter table "transformation" add column "secrets" text;
alter table "transformation_version" add column "secrets" text;
