// What an event of 1 KB leaves on the disk once it is delivered, and what it writes ahead, over the whole path at fan-out 1.
import type { Figure } from "#test/bench/report.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, checkedFlow, MAX_UNDER_WAY, startStack } from "./section.ts";

const KINDS = ["request", "event", "attempt"] as const;
const SIZES = `
select kind, coalesce(sum(pg_table_size(relid)), 0)::float8 as heap, coalesce(sum(pg_indexes_size(relid)), 0)::float8 as indexes
from unnest($1::text[]) as kind left join lateral (
  select relid from pg_partition_tree(to_regclass(kind)) where isleaf
) as leaf on true group by kind`;

export async function measureBytes(bench: Bench): Promise<Figure[]> {
  await using stack = await startStack(bench, "bench_bytes", (databaseUrl) =>
    wire(databaseUrl, { receiverPort: bench.receiverPort, fanOut: 1, source: { name: "one" } }),
  );
  const { client, gateway, prepared } = stack;
  const sizes = async () => {
    const { rows } = await client.query<{ kind: string; heap: number; indexes: number }>(SIZES, [KINDS]);
    return new Map(rows.map((row) => [row.kind, row]));
  };
  const writtenAhead = async (): Promise<number> =>
    (await client.query("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes")).rows[0].bytes;
  const input = {
    target: targetAt(gateway.url, prepared.path),
    fanOut: 1,
    connections: CONNECTIONS,
    maxUnderWay: MAX_UNDER_WAY,
  };
  await checkedFlow(bench, stack, { ...input, warmUpSeconds: 0, seconds: 2 });
  await client.query("checkpoint");
  const [before, wroteBefore] = [await sizes(), await writtenAhead()];
  const { sent } = await checkedFlow(bench, stack, { ...input, warmUpSeconds: 0, seconds: bench.isQuick ? 8 : 20 });
  const wrote = (await writtenAhead()) - wroteBefore;
  const after = await sizes();
  const parts = KINDS.map((kind) => {
    const perEvent = (side: "heap" | "indexes") =>
      ((after.get(kind)?.[side] ?? 0) - (before.get(kind)?.[side] ?? 0)) / sent;
    return { kind, heap: perEvent("heap"), indexes: perEvent("indexes") };
  });
  const figure = { section: "bytes" as const, unit: "B" as const };
  return [
    {
      ...figure,
      name: "on the disk of an event of 1 KB, with its request and its attempt",
      value: parts.reduce((sum, { heap, indexes }) => sum + heap + indexes, 0),
      bar: { kind: "at most", limit: 2_600 },
      detail: `${parts.map(({ kind, heap, indexes }) => `${kind} ${heap.toFixed(0)} + ${indexes.toFixed(0)}`).join(", ")}; ${sent} events`,
    },
    {
      ...figure,
      name: "written ahead for an event of 1 KB",
      value: wrote / sent,
      bar: { kind: "at most", limit: 3_300 },
      detail: `${sent} events`,
    },
  ];
}
