-- The trace of an event, from the form in which it is stored; see server/events/packed-why.sql.ts. Traces from before are as they were.
create function "unpacked_why"(why json, created_at timestamptz) returns json language sql stable parallel safe as $$
  select ('[' || coalesce(string_agg(case
    when json_typeof(element) <> 'string' then element::text
    when element #>> '{}' = 'c' then '{"step":"connection","outcome":"enabled"}'
    else '{"step":"queue","outcome":"queued","due":' || to_json(to_char(
      (created_at + substr(element #>> '{}', 2)::bigint * interval '1 millisecond') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) || '}'
    end, ',' order by n), '') || ']')::json
  from json_array_elements(why) with ordinality as listed(element, n)
$$;
