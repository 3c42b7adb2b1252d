-- Since when the previous secret of a source is the previous one, and when it had been set: what matched before that was matched by another.
alter table "source" add column "previous_secret_since" timestamptz(3), add column "previous_secret_set_at" timestamptz(3);

-- A version keeps neither: a secret that is brought back is set anew.
create or replace function versioned_state(kind text, team text, resource text) returns jsonb language plpgsql stable as $$
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
    - array['id', 'team_id', 'secrets', 'secret_set_at', 'previous_secret_since', 'previous_secret_set_at', 'env', 'updated_at'] #- '{config,headers}';
end $$;
