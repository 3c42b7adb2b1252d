-- Versions of a team's configuration: one for each transaction that changed a source, a destination, a connection or a
-- transformation, with the state of each row that it changed. docs/decisions/086
create table "team_version" (
  "team_id" text collate "C" not null,
  "number" integer not null,
  "transaction_id" bigint not null,
  "actor_kind" text collate "C" not null,
  "actor_id" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  constraint "team_version_pkey" primary key ("team_id", "number"),
  constraint "team_version_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);

create table "team_version_change" (
  "team_id" text collate "C" not null,
  "resource_id" text collate "C" not null,
  "number" integer not null,
  "resource_kind" text collate "C" not null,
  "action" text collate "C" not null,
  "audit_id" text collate "C",
  "state" jsonb,
  constraint "team_version_change_pkey" primary key ("team_id", "resource_id", "number"),
  constraint "team_version_change_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create index "team_version_change_team_id_number_idx" on "team_version_change" ("team_id", "number");

-- A row as a version keeps it. Secrets are left out, also those of rows from before secrets were sealed.
create function versioned_state(kind text, team text, resource text) returns jsonb language plpgsql stable as $$
declare
  state jsonb;
begin
  case kind
    when 'source' then select to_jsonb(r) into state from source r where r.team_id = team and r.id = resource;
    when 'destination' then select to_jsonb(r) into state from destination r where r.team_id = team and r.id = resource;
    when 'connection' then select to_jsonb(r) into state from connection r where r.team_id = team and r.id = resource;
    when 'transformation' then select to_jsonb(r) into state from transformation r where r.team_id = team and r.id = resource;
  end case;
  if state is null then return null; end if;
  if state #> '{config,auth}' is not null then
    state := jsonb_set(state, '{config,auth}', (state #> '{config,auth}') - array['secret', 'previous_secret', 'ended_secret',
      'password', 'previous_password', 'api_key', 'previous_api_key', 'signing_secret', 'verify_token', 'token', 'url_path',
      'secret_access_key']);
  end if;
  return (state || jsonb_build_object('has_secrets', state ->> 'secrets' is not null))
    - array['id', 'team_id', 'secrets', 'secret_set_at', 'env', 'updated_at'] #- '{config,headers}';
end $$;

-- Writes the version of the transaction that ends, under the lock on the head of the audit log that its trigger has taken.
-- It reads rows as they are at the end, so a row that was changed twice is in it once.
create function audit_entry_version() returns trigger language plpgsql as $$
declare
  newest team_version;
  present bigint := pg_current_xact_id()::text::bigint;
begin
  select * into newest from team_version where team_id = new.team_id order by number desc limit 1;
  if newest.transaction_id is distinct from present then
    newest.number := coalesce(newest.number, 0) + 1;
    insert into team_version (team_id, number, transaction_id, actor_kind, actor_id, created_at)
    values (new.team_id, newest.number, present, new.actor_kind, new.actor_id, new.created_at);
  end if;
  insert into team_version_change (team_id, resource_id, number, resource_kind, action, audit_id, state)
  values (new.team_id, new.resource_id, newest.number, new.resource_kind, new.action, new.id,
    versioned_state(new.resource_kind, new.team_id, new.resource_id))
  on conflict (team_id, resource_id, number) do update set audit_id = excluded.audit_id, state = excluded.state,
    action = case when excluded.state is null then 'delete' else team_version_change.action end;
  return null;
end $$;

-- Triggers of one event fire in the order of their names: the entry is in the chain before it is in a version.
create constraint trigger audit_entry_version after insert on "audit_entry"
  deferrable initially deferred for each row
  when (new.resource_kind in ('source', 'destination', 'connection', 'transformation')
    and new.action in ('create', 'update', 'delete', 'enable', 'disable', 'pause', 'unpause', 'rotate_secret'))
  execute function audit_entry_version();

-- What is there already is the first version of its team.
insert into team_version_change (team_id, resource_id, number, resource_kind, action, state)
select team_id, id, 1, kind, 'create', versioned_state(kind, team_id, id) from (
  select team_id, id, 'source' as kind from source union all
  select team_id, id, 'destination' from destination union all
  select team_id, id, 'connection' from connection union all
  select team_id, id, 'transformation' from transformation
) resources;
insert into team_version (team_id, number, transaction_id, actor_kind, actor_id, created_at)
select distinct team_id, 1, 0, 'system', 'first_version', now() from team_version_change;
