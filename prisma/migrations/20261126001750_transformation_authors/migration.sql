-- Who made a version, and which older one it brought back. Null in versions from before.
alter table "transformation_version"
  add column "actor_kind" text,
  add column "actor_id" text collate "C",
  add column "restored_from" integer;
