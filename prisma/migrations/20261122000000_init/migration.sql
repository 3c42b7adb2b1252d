-- Ids are time-sortable text and are compared byte by byte (collate "C"), so that a day of a big table is a range of ids.

create table "team" (
  "id" text collate "C" not null,
  "name" text not null,
  "retention_days" integer,
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "team_pkey" primary key ("id")
);

create table "user" (
  "id" text collate "C" not null,
  "email" text not null,
  "name" text not null,
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "user_pkey" primary key ("id")
);
create unique index "user_email_key" on "user" ("email");

create table "member" (
  "team_id" text collate "C" not null,
  "user_id" text collate "C" not null,
  "role" text not null,
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "member_pkey" primary key ("team_id", "user_id"),
  constraint "member_role_check" check ("role" in ('owner', 'admin', 'member', 'viewer')),
  constraint "member_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade,
  constraint "member_user_id_fkey" foreign key ("user_id") references "user" ("id") on delete cascade on update cascade
);

create table "api_key" (
  "id" text collate "C" not null,
  "name" text not null,
  "key_hash" text not null,
  "last_four" text not null,
  "scope" text not null,
  "expires_at" timestamptz(3),
  "last_used_at" timestamptz(3),
  "revoked_at" timestamptz(3),
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "api_key_pkey" primary key ("id"),
  constraint "api_key_scope_check" check ("scope" in ('read', 'write'))
);
create unique index "api_key_key_hash_key" on "api_key" ("key_hash");

create table "api_key_team" (
  "api_key_id" text collate "C" not null,
  "team_id" text collate "C" not null,
  constraint "api_key_team_pkey" primary key ("api_key_id", "team_id"),
  constraint "api_key_team_api_key_id_fkey" foreign key ("api_key_id") references "api_key" ("id") on delete cascade on update cascade,
  constraint "api_key_team_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create index "api_key_team_team_id_idx" on "api_key_team" ("team_id");

create table "audit_entry" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "actor_kind" text not null,
  "actor_id" text not null,
  "action" text not null,
  "resource_kind" text not null,
  "resource_id" text collate "C" not null,
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "audit_entry_pkey" primary key ("team_id", "id"),
  constraint "audit_entry_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);

create table "source" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "name" text not null,
  "description" text,
  "type" text not null,
  "key" text not null,
  "config" jsonb not null,
  "secrets" text,
  "disabled_at" timestamptz(3),
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "source_pkey" primary key ("id"),
  constraint "source_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "source_key_key" on "source" ("key");
create unique index "source_team_id_name_key" on "source" ("team_id", "name");

create table "destination" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "name" text not null,
  "description" text,
  "type" text not null,
  "config" jsonb not null,
  "secrets" text,
  "disabled_at" timestamptz(3),
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "destination_pkey" primary key ("id"),
  constraint "destination_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "destination_team_id_name_key" on "destination" ("team_id", "name");

create table "transformation" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "name" text not null,
  "code" text not null,
  "env" jsonb not null default '{}',
  "version" integer not null default 1,
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "transformation_pkey" primary key ("id"),
  constraint "transformation_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);
create unique index "transformation_team_id_name_key" on "transformation" ("team_id", "name");

create table "transformation_version" (
  "transformation_id" text collate "C" not null,
  "version" integer not null,
  "code" text not null,
  "env" jsonb not null default '{}',
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "transformation_version_pkey" primary key ("transformation_id", "version"),
  constraint "transformation_version_transformation_id_fkey" foreign key ("transformation_id") references "transformation" ("id") on delete cascade on update cascade
);

create table "connection" (
  "id" text collate "C" not null,
  "team_id" text collate "C" not null,
  "name" text not null,
  "description" text,
  "source_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "rules" jsonb not null default '[]',
  "paused_at" timestamptz(3),
  "disabled_at" timestamptz(3),
  "created_at" timestamptz(3) not null default current_timestamp,
  "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "connection_pkey" primary key ("id"),
  constraint "connection_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade,
  constraint "connection_source_id_fkey" foreign key ("source_id") references "source" ("id") on delete restrict on update cascade,
  constraint "connection_destination_id_fkey" foreign key ("destination_id") references "destination" ("id") on delete restrict on update cascade
);
create unique index "connection_team_id_name_key" on "connection" ("team_id", "name");
create index "connection_source_id_idx" on "connection" ("source_id");
create index "connection_destination_id_idx" on "connection" ("destination_id");

-- The big tables: keyed by (team_id, id), partitioned by days of id, without foreign keys between them.

create table "request" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "status" text not null,
  "verified" boolean not null,
  "verified_with" text,
  "rejection_cause" text,
  "rejection_detail" text,
  "method" text not null,
  "path" text not null,
  "query" text not null,
  "headers" json not null,
  "body" bytea not null,
  "content_type" text,
  "body_bytes" integer not null,
  "event_type" text,
  "provider_event_id" text,
  "duplicate_of" text collate "C",
  "remote_ip" text not null,
  "created_at" timestamptz(3) not null,
  constraint "request_pkey" primary key ("team_id", "id"),
  constraint "request_status_check" check ("status" in ('accepted', 'rejected'))
) partition by range ("id");
-- Compressing bodies costs more processor time than the disk it saves is worth on the accept path.
alter table "request" alter column "body" set storage external;

create table "event" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "request_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "status" text not null,
  "event_type" text,
  "attempts" integer not null default 0,
  "retries_counted_from" integer not null default 0,
  "trigger" text not null,
  "next_attempt_at" timestamptz(3),
  "last_attempt_at" timestamptz(3),
  "delivered_at" timestamptz(3),
  "response_status" integer,
  "error_code" text,
  "transformed" json,
  "transformed_body" bytea,
  "why" json not null,
  "created_at" timestamptz(3) not null,
  constraint "event_pkey" primary key ("team_id", "id"),
  constraint "event_status_check" check ("status" in ('QUEUED', 'SCHEDULED', 'HOLD', 'RETRYING', 'DELIVERED', 'FAILED', 'CANCELLED'))
) partition by range ("id");
alter table "event" alter column "transformed_body" set storage external;
-- What a lane reads, in the order it reads it.
create index "event_lane_idx" on "event" ("destination_id", "next_attempt_at", "id")
  where "status" in ('QUEUED', 'SCHEDULED', 'RETRYING');
-- What an unpause releases.
create index "event_hold_idx" on "event" ("connection_id", "id") where "status" = 'HOLD';
-- The dead letters, the list that is opened most.
create index "event_failed_idx" on "event" ("team_id", "id") where "status" = 'FAILED';

create table "ignored_event" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "request_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "cause" text not null,
  "detail" text not null,
  "why" json not null,
  "created_at" timestamptz(3) not null,
  constraint "ignored_event_pkey" primary key ("team_id", "id")
) partition by range ("id");

create table "attempt" (
  "team_id" text collate "C" not null,
  "id" text collate "C" not null,
  "event_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "destination_id" text collate "C" not null,
  "number" integer not null,
  "trigger" text not null,
  "requested_url" text not null,
  "http_method" text not null,
  "request_headers" json not null,
  "response_status" integer,
  "response_headers" json,
  "response_body" bytea,
  "error_code" text,
  "latency_ms" real not null,
  "created_at" timestamptz(3) not null,
  constraint "attempt_pkey" primary key ("team_id", "id")
) partition by range ("id");
create index "attempt_event_idx" on "attempt" ("team_id", "event_id");

-- A provider's event ids, remembered for 48 hours; the key decides which of two requests was first.
create table "provider_event" (
  "team_id" text collate "C" not null,
  "source_id" text collate "C" not null,
  "provider_event_id" text not null,
  "request_id" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  constraint "provider_event_pkey" primary key ("team_id", "source_id", "provider_event_id")
);
create index "provider_event_created_at_idx" on "provider_event" using brin ("created_at");

-- The deduplicate rule's keys; the primary key decides which of two requests was first in its window.
create table "dedupe_key" (
  "team_id" text collate "C" not null,
  "connection_id" text collate "C" not null,
  "key_hash" text not null,
  "request_id" text collate "C" not null,
  "first_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  constraint "dedupe_key_pkey" primary key ("team_id", "connection_id", "key_hash")
);

-- What the door committed and routing has not: one row per flush, deleted by the statement that writes its branches.
create table "hand_off" (
  "id" bigint generated always as identity not null,
  "requests" json not null,
  "claimed_until" timestamptz(3),
  constraint "hand_off_pkey" primary key ("id")
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- One row per destination that was ever delivered to: who drains it now, and under which fencing token.
create table "lane" (
  "destination_id" text collate "C" not null,
  "holder" text,
  "token" bigint not null default 0,
  "lease_expires_at" timestamptz(3),
  "is_slow" boolean not null default false,
  "rate_log" json,
  constraint "lane_pkey" primary key ("destination_id")
);

create table "worker_heartbeat" (
  "id" text collate "C" not null,
  "beat_at" timestamptz(3) not null,
  "started_at" timestamptz(3) not null,
  constraint "worker_heartbeat_pkey" primary key ("id")
);

-- Counts per minute and branch. '' stands for "no connection" at the door, where a request has none yet.
create table "rollup_minute" (
  "team_id" text collate "C" not null,
  "bucket" timestamptz(3) not null,
  "source_id" text collate "C" not null,
  "connection_id" text collate "C" not null default '',
  "destination_id" text collate "C" not null default '',
  "accepted_count" integer not null default 0,
  "rejected_count" integer not null default 0,
  "duplicate_count" integer not null default 0,
  "signature_failure_count" integer not null default 0,
  "event_count" integer not null default 0,
  "ignored_count" integer not null default 0,
  "attempt_count" integer not null default 0,
  "delivered_count" integer not null default 0,
  "failed_count" integer not null default 0,
  "retrying_count" integer not null default 0,
  "hold_count" integer not null default 0,
  "latency_histogram" integer[] not null default '{}',
  constraint "rollup_minute_pkey" primary key ("team_id", "bucket", "source_id", "connection_id", "destination_id")
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

/* Element by element; the shorter one counts as zeros. */
create function "histogram_add"(a integer[], b integer[]) returns integer[] language sql immutable parallel safe as $$
  select case
    when a = '{}' then b
    when b = '{}' then a
    else array(select coalesce(x, 0) + coalesce(y, 0) from unnest(a, b) with ordinality as t(x, y, n) order by n)
  end
$$;

create function "histogram_count"(counts integer[], bucket integer, times integer) returns integer[]
language plpgsql immutable parallel safe as $$
begin
  if bucket is not null then
    counts[bucket + 1] := counts[bucket + 1] + times;
  end if;
  return counts;
end
$$;

/* Buckets and how often each occurred, as counts per bucket; bucket 0 is the first of server/metrics/histogram.ts. */
create aggregate "latency_histogram"(integer, integer) (
  sfunc = histogram_count,
  stype = integer[],
  initcond = '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'
);

/* The body as JSON for payload search, or null: a body may be anything, and jsonb refuses \u0000 and bad UTF-8. */
create function "body_json"(body bytea) returns jsonb language plpgsql immutable parallel safe as $$
begin
  return convert_from(body, 'UTF8')::jsonb;
exception when others then
  return null;
end
$$;

-- Changes of configuration in commit order: every process keeps the configuration in memory and catches up from here.
create table "config_version" (
  "id" integer not null,
  "version" bigint not null,
  constraint "config_version_pkey" primary key ("id"),
  constraint "config_version_single_check" check ("id" = 1)
);
insert into "config_version" ("id", "version") values (1, 0);

create table "config_change" (
  "version" bigint not null,
  "kind" text not null,
  "resource_id" text collate "C" not null,
  "created_at" timestamptz(3) not null default current_timestamp,
  constraint "config_change_pkey" primary key ("version")
);

/* Deferred to the end of the transaction: the version's row lock is then the last one taken and cannot deadlock with rows,
   and versions become visible in order, so that a reader that asks for "later than mine" misses none. */
create function "record_config_change"() returns trigger language plpgsql as $$
declare
  next_version bigint;
begin
  update config_version set version = version + 1 where id = 1 returning version into next_version;
  insert into config_change (version, kind, resource_id) values (next_version, tg_table_name, coalesce(new.id, old.id));
  perform pg_notify('config_changed', next_version::text);
  return null;
end
$$;

create constraint trigger "source_config_change" after insert or update or delete on "source"
  deferrable initially deferred for each row execute function record_config_change();
create constraint trigger "destination_config_change" after insert or update or delete on "destination"
  deferrable initially deferred for each row execute function record_config_change();
create constraint trigger "transformation_config_change" after insert or update or delete on "transformation"
  deferrable initially deferred for each row execute function record_config_change();
create constraint trigger "connection_config_change" after insert or update or delete on "connection"
  deferrable initially deferred for each row execute function record_config_change();
