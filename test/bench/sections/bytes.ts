// What an event of 1 KB leaves on the disk once it is delivered, and what it writes ahead, over the whole path at fan-out 1. Most events
// are written twice, and the first version is room for later ones once it is vacuumed: the first figure is that of a burst, which ends
// before a vacuum comes, the second that of a day.
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { Figure } from "#test/bench/report.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, checkedFlow, MAX_UNDER_WAY, startStack } from "./section.ts";

const KINDS = ["request", "event", "attempt"] as const;
const SIZES = `
select kind, coalesce(sum(pg_table_size(relid)), 0)::float8 as heap, coalesce(sum(pg_indexes_size(relid)), 0)::float8 as indexes
from unnest($1::text[]) as kind left join lateral (
  select relid from pg_partition_tree(to_regclass(kind)) where isleaf
) as leaf on true group by kind`;
const ROOM = `
select coalesce(sum(avail), 0)::float8 as bytes from pg_partition_tree('event') join lateral pg_freespace(relid) on isleaf`;
/** Of the whole server. A page that is changed for the first time after a checkpoint is written as a whole, by a vacuum too. */
const WRITTEN_AHEAD = `
select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes, wal_fpi::float8 as pages from pg_stat_wal`;

export async function measureBytes(bench: Bench): Promise<Figure[]> {
  await using stack = await startStack(bench, "bench_bytes", (databaseUrl) =>
    wire(databaseUrl, { receiverPort: bench.receiverPort, fanOut: 1, source: { name: "one" } }),
  );
  const { client, gateway, prepared } = stack;
  const sizes = async () => {
    const { rows } = await client.query<{ kind: string; heap: number; indexes: number }>(SIZES, [KINDS]);
    return new Map(rows.map((row) => [row.kind, row]));
  };
  const writtenAhead = async (): Promise<{ bytes: number; pages: number }> =>
    (await client.query(WRITTEN_AHEAD)).rows[0];
  const input = {
    target: targetAt(gateway.url, prepared.path),
    fanOut: 1,
    connections: CONNECTIONS,
    maxUnderWay: MAX_UNDER_WAY,
  };
  await checkedFlow(bench, stack, { ...input, warmUpSeconds: 0, seconds: 2 });
  await untilHeadersArePacked(client);
  await client.query("create extension if not exists pg_freespacemap");
  await client.query("vacuum event");
  const roomBefore = (await client.query<{ bytes: number }>(ROOM)).rows[0]?.bytes ?? 0;
  await client.query("checkpoint");
  const [before, wroteBefore] = [await sizes(), await writtenAhead()];
  const { sent } = await checkedFlow(bench, stack, { ...input, warmUpSeconds: 0, seconds: bench.isQuick ? 8 : 20 });
  const wrote = await writtenAhead();
  const after = await sizes();
  const parts = KINDS.map((kind) => {
    const perEvent = (side: "heap" | "indexes") =>
      ((after.get(kind)?.[side] ?? 0) - (before.get(kind)?.[side] ?? 0)) / sent;
    return { kind, heap: perEvent("heap"), indexes: perEvent("indexes") };
  });
  // What a vacuum finds is room for the events that come next.
  await client.query("vacuum event");
  const room = (await client.query<{ bytes: number }>(ROOM)).rows[0]?.bytes ?? 0;
  const roomPerEvent = (room - roomBefore) / sent;
  const onDisk = parts.reduce((sum, { heap, indexes }) => sum + heap + indexes, 0);
  const figure = { section: "bytes" as const, unit: "B" as const };
  return [
    {
      ...figure,
      name: "on the disk of an event of 1 KB, with its request and its attempt",
      value: onDisk,
      bar: { kind: "at most", limit: 2_600 },
      detail: `${parts.map(({ kind, heap, indexes }) => `${kind} ${heap.toFixed(0)} + ${indexes.toFixed(0)}`).join(", ")}; ${sent} events`,
    },
    {
      ...figure,
      name: "the same where vacuum keeps up",
      value: onDisk - roomPerEvent,
      bar: null,
      detail: `${roomPerEvent.toFixed(0)} of the heap of events is room for the next ones`,
    },
    {
      ...figure,
      name: "written ahead for an event of 1 KB",
      value: (wrote.bytes - wroteBefore.bytes) / sent,
      bar: { kind: "at most", limit: 3_300 },
      detail: `${sent} events; ${wrote.pages - wroteBefore.pages} whole pages are among it`,
    },
  ];
}

/** The gateway has beaten since the worker did, so it knows that the worker reads short headers. */
async function untilHeadersArePacked(client: Client): Promise<void> {
  const said = "select from gateway_process g where beat_at > (select min(started_at) from worker_heartbeat)";
  while ((await client.query(said)).rowCount === 0) await sleep(100);
}
