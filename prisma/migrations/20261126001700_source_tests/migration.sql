-- A request that an owner sent from here to try the way in: 'unrouted' goes no further, 'routed' goes on as any other. Null for
-- what a producer sent.
alter table "request" add column "test" text;

-- The gateways that live, each with the address at which the other processes of the installation reach it.
create table "gateway_process" (
  "id" text collate "C" not null,
  "address" text not null,
  "beat_at" timestamptz(3) not null,
  "started_at" timestamptz(3) not null,
  constraint "gateway_process_pkey" primary key ("id")
) with (fillfactor = 50);
