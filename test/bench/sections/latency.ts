// Latencies at half of what the whole path sustains, which is measured again right before each look.
import type { OpenLoopResult } from "#test/bench/load/open-loop.ts";
import type { Figure } from "#test/bench/report.ts";
import { perSecond } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { countDelivered } from "#test/bench/stored-rows.sql.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, checkedFlow, MAX_UNDER_WAY, startStack, untilRecorded } from "./section.ts";

/** More than can be busy at half capacity: an arrival must never wait for a free connection. */
const OPEN_LOOP_CONNECTIONS = 256;

export async function measureLatency(bench: Bench): Promise<Figure[]> {
  const { load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, "bench_latency", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "one" } }),
  );
  const target = targetAt(stack.gateway.url, stack.prepared.path);
  const capacity = async (seconds: number) => {
    const times = { warmUpSeconds: 1, seconds, connections: CONNECTIONS };
    const result = await checkedFlow(bench, stack, { target, fanOut: 1, maxUnderWay: MAX_UNDER_WAY, ...times });
    return result.receiptsPerSecond;
  };
  await capacity(2);
  const rounds: (OpenLoopResult & { ratePerSecond: number })[] = [];
  for (let round = 0; round < (isQuick ? 2 : 5); round++) {
    const ratePerSecond = (await capacity(2)) / 2;
    const times = { warmUpSeconds: 1, seconds: isQuick ? 5 : 8, connections: OPEN_LOOP_CONNECTIONS };
    const before = await countDelivered(stack.client);
    const result = await load.call("arrive", { target, ratePerSecond, ...times });
    if (result.refused > 0 || result.received !== result.sent) {
      throw new Error(`${result.sent} were sent, ${result.refused} refused, ${result.received} delivered.`);
    }
    await untilRecorded(stack.client, before + result.sent);
    rounds.push({ ratePerSecond, ...result });
  }

  const figure = (name: string, limit: number | null, read: (round: OpenLoopResult) => number): Figure => ({
    section: "latency",
    name,
    value: median(rounds.map(read)),
    unit: "ms",
    bar: limit === null ? null : { kind: "at most", limit },
    detail: `at ${perSecond(median(rounds.map(({ ratePerSecond }) => ratePerSecond)))}; rounds ${rounds.map((round) => read(round).toFixed(1)).join(" ")}`,
  });
  return [
    figure("ack p50", null, ({ ack }) => ack.p50),
    figure("ack p99", 25, ({ ack }) => ack.p99),
    figure("ack to receiver p50", 50, ({ toReceiver }) => toReceiver.p50),
    figure("ack to receiver p99", 250, ({ toReceiver }) => toReceiver.p99),
  ];
}
