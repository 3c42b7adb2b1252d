-- Paths that are masked in the requests of every source of a team, besides those of the source.
alter table "team" add column "masked_paths" text[] not null default '{}';

/* The door reads them with each source, so all of a team's sources have changed. */
create function "record_team_masks"() returns trigger language plpgsql as $$
declare
  source_id text;
  next_version bigint;
begin
  for source_id in select id from source where team_id = new.id order by id loop
    update config_version set version = version + 1 where id = 1 returning version into next_version;
    insert into config_change (version, kind, resource_id) values (next_version, 'source', source_id);
    perform pg_notify('config_changed', next_version::text);
  end loop;
  return null;
end
$$;
create constraint trigger "team_masks_change" after update of "masked_paths" on "team"
  deferrable initially deferred for each row
  when (old.masked_paths is distinct from new.masked_paths) execute function record_team_masks();
