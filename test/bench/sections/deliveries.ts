// Deliveries of events that are queued already, against a bare undici loop to the same receiver at the same concurrency.
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { BODY_BYTES } from "#test/bench/load/wire.ts";
import { type Figure, listRounds, perSecond } from "#test/bench/report.ts";
import { compareRounds } from "#test/bench/statistics.ts";
import { countDelivered, queueDue } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { type Bench, interleave, lookFor, startStack, untilRecorded } from "./section.ts";

const DESTINATIONS = 4;
/** Each destination's by default. */
const CONCURRENCY = 25;
/** Of the bare loop, so that both sides are looked at for about as long. */
const BARE_TIMES = 3;
const PATIENCE_SECONDS = 60;

export async function measureDeliveries(bench: Bench): Promise<Figure[]> {
  const { load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, "bench_deliveries", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: DESTINATIONS, source: { name: "queued" } }),
  );
  const wiring = stack.prepared;
  const count = isQuick ? 8_000 : 24_000;
  const skip = count / 8;

  const bare = async () => {
    const bareCount = count * BARE_TIMES;
    const receipts = load.call("receipts", { count: bareCount, skip, patienceSeconds: PATIENCE_SECONDS });
    await sendBare(bench, bareCount, DESTINATIONS);
    const { fromMs, toMs } = await receipts;
    return (bareCount - skip) / ((toMs - fromMs) / 1000);
  };
  /** How fast they are recorded: from receipts to records would count the last batches' way to the disk as sending. */
  const ours = async () => {
    const before = await countDelivered(stack.client);
    const receipts = load.call("receipts", { count, skip, patienceSeconds: PATIENCE_SECONDS });
    await queueDue(stack.client, wiring, count, Date.now());
    await stack.client.query(wakeLanesStatement(wiring.branches.map(({ destinationId }) => destinationId)));
    const first = await lookFor(stack.client, before + skip);
    await receipts;
    const last = await untilRecorded(stack.client, before + count);
    return (last.recorded - first.recorded) / ((last.atMs - first.atMs) / 1000);
  };
  await bare();
  await ours();
  const rounds = await interleave(isQuick ? 3 : 6, { bare, ours });
  const compared = compareRounds(rounds, "ours", "bare");
  return [
    {
      section: "deliveries",
      name: "deliveries, recorded / bare undici",
      value: compared.ratio,
      unit: "ratio",
      // The bar of a delivery is that of its processor time (`delivery-cost`). Bare has one of two processors to itself, ours shares both
      // with Postgres: the machine and the receiver decide this ratio as much.
      bar: null,
      detail: `${perSecond(compared.ours)} against ${perSecond(compared.theirs)}; ${listRounds(compared.ratios)}`,
    },
  ];
}

/** Sends events of 1 KB as fast as so many destinations with their default concurrency would take them. */
export async function sendBare(
  { bareSender, receiverPort }: Bench,
  count: number,
  destinations: number,
): Promise<void> {
  const body = `{"seq":"${"0".repeat(10)}","filler":"`.padEnd(BODY_BYTES - 2, "x");
  await bareSender.call("send", {
    origin: `http://127.0.0.1:${receiverPort}`,
    path: "/bare",
    headers: { "content-type": "application/json" },
    body: `${body}"}`,
    connections: destinations * CONCURRENCY,
    count,
  });
}
