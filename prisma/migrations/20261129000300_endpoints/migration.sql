-- Consumers that register themselves: a destination and its connections in one, by event types, with a lease where it has one.
create table "endpoint" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "event_types" text[] not null,
  "is_of_every_source" boolean not null,
  "ttl_seconds" integer,
  "lease_until" timestamptz(3),
  "lapsed_at" timestamptz(3),
  "renewed_at" timestamptz(3)[] not null,
  "renewals" integer not null default 0,
  "verification" text,
  "verified_at" timestamptz(3),
  "verification_detail" text,
  "made_by_kind" text not null,
  "made_by_id" text not null,
  constraint "endpoint_pkey" primary key ("id"),
  constraint "endpoint_id_fkey" foreign key ("id") references "destination" ("id") on delete cascade on update cascade,
  constraint "endpoint_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade,
  constraint "endpoint_lease_check" check (("ttl_seconds" is null) = ("lease_until" is null)),
  constraint "endpoint_verification_check" check ("verification" in ('pending', 'failed', 'confirmed'))
) with (fillfactor = 70);
create index "endpoint_team_id_id_idx" on "endpoint" ("team_id", "id");
create index "endpoint_lease_idx" on "endpoint" ("lease_until") where "lapsed_at" is null and "lease_until" is not null;
create index "endpoint_lapsed_idx" on "endpoint" ("lapsed_at") where "lapsed_at" is not null;

-- Why an endpoint gets nothing for now; null where it gets its events, and for every other destination.
alter table "destination" add column "endpoint_hold" text;
-- A registration that comes again is found by its URL, which may be longer than an index takes.
create index "destination_url_idx" on "destination" ("team_id", md5("config" ->> 'url')) where "config" ->> 'url' is not null;

-- The key of an endpoint has the right to nothing but that endpoint, and goes with it.
alter table "api_key" add column "endpoint_id" text collate "C";
alter table "api_key" drop constraint "api_key_scope_check";
alter table "api_key" add constraint "api_key_scope_check" check (
  case when "endpoint_id" is null then "scope" in ('read', 'write') else "scope" = 'endpoint' end);
alter table "api_key" add constraint "api_key_endpoint_id_fkey" foreign key ("endpoint_id") references "endpoint" ("id") on delete cascade on update cascade;
create index "api_key_endpoint_id_idx" on "api_key" ("endpoint_id");
