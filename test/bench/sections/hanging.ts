// Ten thousand events queued at a destination that hangs; what do the deliveries of nine healthy ones take meanwhile?
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import type { Figure } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { queueDue } from "#test/bench/stored-rows.sql.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, startStack } from "./section.ts";

const QUEUED = 10_000;
const NEIGHBOURS = 9;
const RATE_PER_SECOND = 20;
/** Their median counts: the p99 of one look rests on a few events. */
const LOOKS = 3;

export async function measureHanging(bench: Bench): Promise<Figure[]> {
  const { load, receiverPort, isQuick } = bench;
  const hung = createServer((socket) => void socket.on("error", () => {}).resume());
  hung.listen(0, "127.0.0.1");
  await once(hung, "listening");
  const hungPort = (hung.address() as AddressInfo).port;
  await using stack = await startStack(bench, "bench_hanging", async (databaseUrl) => ({
    nine: await wire(databaseUrl, { receiverPort, fanOut: NEIGHBOURS, source: { name: "nine" } }),
    hung: await wire(databaseUrl, { receiverPort: hungPort, fanOut: 1, source: { name: "hung" } }),
  }));
  const { nine, hung: wiring } = stack.prepared;
  const target = targetAt(stack.gateway.url, nine.path);
  const times = { warmUpSeconds: 1, seconds: isQuick ? 4 : 8, connections: 64 };
  const look = async () => {
    const p99s: number[] = [];
    for (let i = 0; i < LOOKS; i++) {
      const input = { target, ratePerSecond: RATE_PER_SECOND, fanOut: NEIGHBOURS, ...times };
      const { total, sent, received, refused } = await load.call("arrive", input);
      p99s.push(refused > 0 || received !== sent * NEIGHBOURS ? Number.NaN : total.p99);
    }
    return p99s;
  };
  await look();
  const quiet = await look();
  await queueDue(stack.client, wiring, QUEUED, Date.now());
  await stack.client.query(wakeLanesStatement(wiring.branches.map(({ destinationId }) => destinationId)));
  await sleep(1_000);
  const beside = await look();
  hung.close();
  const list = (values: number[]) => values.map((ms) => ms.toFixed(0)).join(" ");
  return [
    {
      section: "hanging",
      name: `p99 of ${NEIGHBOURS} destinations beside ${QUEUED / 1_000} k at one that hangs / before`,
      value: median(beside) / median(quiet),
      unit: "ratio",
      bar: { kind: "at most", limit: 1.2 },
      detail: `sent to the last receipt, before ${list(quiet)} ms, beside it ${list(beside)} ms`,
    },
  ];
}
