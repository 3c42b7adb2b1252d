-- Headers of an attempt as they were sent and received, from the form in which they are stored; see server/wire/packed-headers.ts.
-- Lists from before are as they were.
create function "unpacked_headers"(
  headers json, event_id text, source_id text, connection_id text, number integer, trigger text, created_at timestamptz
) returns json language sql stable parallel safe as $$
  select case when headers is null then null else (
    select ('[' || coalesce(string_agg(case
      when json_typeof(element) <> 'string' then element::text
      when code = 'i' then format('["webhook-id",%s],["webhook-timestamp","%s"]', to_json(event_id), floor(extract(epoch from created_at))::bigint)
      when code = 'x' then format(
        '["x-switchyard-event-id",%s],["x-switchyard-request-id",%s],["x-switchyard-source",%s],["x-switchyard-connection-id",%s],'
          '["x-switchyard-attempt","%s"],["x-switchyard-trigger",%s],["x-switchyard-verified",%s],["x-switchyard-hops",%s]%s',
        to_json(event_id), to_json(request_id), to_json(source_id), to_json(connection_id), number, to_json(trigger), to_json(parts[2]), to_json(parts[3]),
        case when parts[4] is not null then format(',["traceparent","00-%s-%s-01"]', md5(request_id), parts[4]) end)
      else format('[%s,%s]', to_json(case when code = lower(code) then name else initcap(name) end), to_json(case
        when lower(code) = 'd' then to_char(
          (date_trunc('second', created_at) + rest::integer * interval '1 second') at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"')
        else rest end))
      end, ',' order by n), '') || ']')::json
    from json_array_elements(headers) with ordinality as listed(element, n)
      cross join lateral (select left(element #>> '{}', 1) as code, substr(element #>> '{}', 2) as rest) as text
      cross join lateral (select string_to_array(rest, ',') as parts) as cut
      cross join lateral (select case when starts_with(parts[1], 'req_') then parts[1] else 'req_' || substr(event_id, 5, 10) || parts[1] end as request_id) as of_request
      cross join lateral (select case lower(code) when 'a' then 'accept' when 'b' then 'cache-control' when 'c' then 'content-type'
        when 'd' then 'date' when 'e' then 'accept-encoding' when 'f' then 'content-encoding' when 'k' then 'connection'
        when 'l' then 'content-length' when 'n' then 'transfer-encoding' when 'p' then 'keep-alive' when 's' then 'webhook-signature'
        when 'u' then 'user-agent' when 'v' then 'server' when 'w' then 'vary' end as name) as named
  ) end
$$;
