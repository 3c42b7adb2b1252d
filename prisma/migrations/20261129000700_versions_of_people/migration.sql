-- Endpoints register, lapse and go by themselves, all day. Versions are of what people configure: the destination of an endpoint and its
-- connections are in none, so they push none out, make no plan stale, and stay as they are when a version is brought back.
create function is_of_endpoint(kind text, resource text) returns boolean language sql stable as $$
  select exists (select from endpoint e where e.id = case kind
    when 'destination' then resource
    when 'connection' then (select c.destination_id from connection c where c.id = resource) end)
$$;

-- What versions know stays in them, also a connection that somebody points at an endpoint later.
create function is_versioned(kind text, team text, resource text) returns boolean language sql stable as $$
  select not is_of_endpoint(kind, resource)
    or exists (select from team_version_change c where c.team_id = team and c.resource_id = resource)
$$;

delete from team_version_change where is_of_endpoint(resource_kind, resource_id);

create or replace function audit_entry_version() returns trigger language plpgsql as $$
declare
  newest team_version;
  present bigint := pg_current_xact_id()::text::bigint;
  state_now jsonb := versioned_state(new.resource_kind, new.team_id, new.resource_id);
begin
  if not is_versioned(new.resource_kind, new.team_id, new.resource_id) then return null; end if;
  -- What came and went unseen was of an endpoint that is gone.
  if state_now is null and not exists (
    select from team_version_change c where c.team_id = new.team_id and c.resource_id = new.resource_id) then return null; end if;
  select * into newest from team_version where team_id = new.team_id order by number desc limit 1;
  if newest.transaction_id is distinct from present then
    newest.number := coalesce(newest.number, 0) + 1;
    insert into team_version (team_id, number, transaction_id, actor_kind, actor_id, created_at)
    values (new.team_id, newest.number, present, new.actor_kind, new.actor_id, new.created_at);
  end if;
  insert into team_version_change (team_id, resource_id, number, resource_kind, action, audit_id, state)
  values (new.team_id, new.resource_id, newest.number, new.resource_kind, new.action, new.id, state_now)
  on conflict (team_id, resource_id, number) do update set audit_id = excluded.audit_id, state = excluded.state,
    action = case when excluded.state is null then 'delete' else team_version_change.action end;
  return null;
end $$;
