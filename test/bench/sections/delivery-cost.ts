// What a delivery costs in processor time, in the worker and in the connections of Postgres, as a multiple of what a bare undici loop
// to the same receiver costs in the same round. What Postgres does by itself, vacuuming above all, is left out: it comes when it comes.
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { usedSeconds } from "#test/bench/processor-time.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { compareRounds, median } from "#test/bench/statistics.ts";
import { countDelivered, queueDue } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { sendBare } from "./deliveries.ts";
import { type Bench, interleave, lookFor, roundsOf, type Stack, startStack } from "./section.ts";

const DESTINATIONS = 4;
const ROUNDS = 6;
const PATIENCE_MS = 60_000;

export async function measureDeliveryCost(bench: Bench): Promise<Figure[]> {
  const { bareSender, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, "bench_delivery_cost", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: DESTINATIONS, source: { name: "queued" } }),
  );
  const count = isQuick ? 8_000 : 16_000;
  const ofWorker: number[] = [];
  const bare = async () => {
    const before = await usedSeconds([bareSender.pid]);
    await sendBare(bench, count, DESTINATIONS);
    return (((await usedSeconds([bareSender.pid])) - before) * 1e6) / count;
  };
  const ours = async () => {
    const { worker, postgres } = await deliver(stack, count);
    ofWorker.push(worker);
    return worker + postgres;
  };
  await bare();
  await deliver(stack, count);
  const rounds = await interleave(roundsOf(bench, ROUNDS, 3), { bare, ours });
  const compared = compareRounds(rounds, "ours", "bare");
  return [
    {
      section: "delivery-cost",
      name: "processor time of a delivery, worker and connections of Postgres / bare undici",
      value: compared.ratio,
      unit: "ratio",
      bar: { kind: "at most", limit: 4.2 },
      detail: `${compared.ours.toFixed(1)} us, ${median(ofWorker).toFixed(1)} of them the worker's, against ${compared.theirs.toFixed(1)} us; ${listRounds(compared.ratios)}`,
    },
  ];
}

/** Microseconds that each of so many deliveries took. */
async function deliver(
  { client, worker, prepared: wiring }: Stack & { prepared: Awaited<ReturnType<typeof wire>> },
  count: number,
) {
  const before = await countDelivered(client);
  await queueDue(client, wiring, count, Date.now());
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  const groups = { worker: [worker.pid], postgres: rows.map(({ pid }) => pid) };
  const read = async () => [await usedSeconds(groups.worker), await usedSeconds(groups.postgres)] as const;
  const start = await read();
  await client.query(wakeLanesStatement(wiring.branches.map(({ destinationId }) => destinationId)));
  await lookFor(client, before + count, PATIENCE_MS);
  const end = await read();
  return { worker: ((end[0] - start[0]) * 1e6) / count, postgres: ((end[1] - start[1]) * 1e6) / count };
}
