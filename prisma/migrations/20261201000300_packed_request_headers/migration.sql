-- Headers of a request as they came, from the form in which they are stored; see server/wire/packed-request-headers.ts. Lists from
-- before are as they were.
create function "unpacked_request_headers"(headers json) returns json language sql immutable parallel safe as $$
  select case when headers is null then null else (
    select ('[' || coalesce(string_agg(case when json_typeof(element) <> 'string' then element::text
      else format('[%s,%s]', to_json(case when code = lower(code) then name else initcap(name) end), to_json(substr(element #>> '{}', 2))) end,
      ',' order by n), '') || ']')::json
    from json_array_elements(headers) with ordinality as listed(element, n)
      cross join lateral (select left(element #>> '{}', 1) as code) as coded
      cross join lateral (select case lower(code) when 'a' then 'accept' when 'b' then 'cache-control' when 'c' then 'content-type'
        when 'e' then 'accept-encoding' when 'f' then 'content-encoding' when 'g' then 'x-forwarded-for' when 'h' then 'host'
        when 'j' then 'x-forwarded-proto' when 'k' then 'connection' when 'l' then 'content-length' when 'm' then 'x-forwarded-host'
        when 'n' then 'transfer-encoding' when 'o' then 'x-real-ip' when 'p' then 'keep-alive' when 'q' then 'x-request-id'
        when 'r' then 'x-forwarded-port' when 's' then 'webhook-signature' when 't' then 'traceparent' when 'u' then 'user-agent'
        when 'v' then 'server' when 'w' then 'vary' end as name) as named
  ) end
$$;

-- Whether a process reads them so. Older ones say nothing, and a door stores headers in full as long as one of them lives.
alter table "worker_heartbeat" add column "reads_packed" boolean not null default false;
alter table "gateway_process" add column "reads_packed" boolean not null default false;
