// What somebody waits for and what it costs when little comes: latencies at fixed rates, and the processor time of all processes
// meanwhile. Arrivals follow a schedule that waits for no answer.
import { usedSeconds } from "#test/bench/processor-time.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, roundsOf, startStack } from "./section.ts";

/** Requests a second, and the bars: of the acknowledgement, of the way from it to the receiver in ms, of the processor in percent. */
const RATES = [
  // Most events find a lane that has had nothing to do for more than a second.
  { rate: 0.5, most: {} },
  { rate: 10, most: { deliveryP50: 2, deliveryP99: 6 } },
  { rate: 100, most: { deliveryP50: 2, deliveryP99: 6, processor: 25 } },
  { rate: 300, most: { ackP99: 8, deliveryP50: 2, deliveryP99: 7, processor: 40 } },
  { rate: 1_000, most: { deliveryP50: 5, deliveryP99: 20 } },
] satisfies { rate: number; most: Partial<Look> }[];
const ROUNDS = 3;
const CONNECTIONS = 256;
const WARM_UP_SECONDS = 20;
const RARE_SECONDS = 20;
/** The door closes a connection on which nothing comes for a while. */
const RARE_CONNECTIONS = 1;

interface Look {
  ackP50: number;
  ackP99: number;
  deliveryP50: number;
  deliveryP99: number;
  /** Of all processes, as a share of one core in percent. */
  processor: number;
}

export async function measureRates(bench: Bench): Promise<Figure[]> {
  const { instance, load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, "bench_rates", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "one" } }),
  );
  const target = targetAt(stack.gateway.url, stack.prepared.path);
  const used = () => usedSeconds([stack.gateway.pid, stack.worker.pid], instance.postgresPid);
  const look = async (ratePerSecond: number, seconds = isQuick ? 4 : 8, connections = CONNECTIONS): Promise<Look> => {
    const [before, startedAt] = [await used(), performance.now()];
    const times = { warmUpSeconds: 0, seconds, connections };
    const result = await load.call("arrive", { target, ratePerSecond, ...times });
    const processor = (((await used()) - before) / ((performance.now() - startedAt) / 1_000)) * 100;
    if (result.refused > 0 || result.received !== result.sent) {
      throw new Error(`${result.sent} were sent, ${result.refused} refused, ${result.received} delivered.`);
    }
    const { ack, toReceiver } = result;
    return { ackP50: ack.p50, ackP99: ack.p99, deliveryP50: toReceiver.p50, deliveryP99: toReceiver.p99, processor };
  };
  // A gateway runs for days. What has just been started is compiled while it works, and that is no cost of the rate.
  await look(1_000, isQuick ? 5 : WARM_UP_SECONDS);
  const looks = new Map<number, Look[]>(RATES.map(({ rate }) => [rate, []]));
  for (let round = 0; round < roundsOf(bench, ROUNDS, 1); round++) {
    for (const { rate } of RATES)
      looks.get(rate)?.push(await (rate < 1 ? look(rate, RARE_SECONDS, RARE_CONNECTIONS) : look(rate)));
  }
  return RATES.flatMap(({ rate, most }) => figuresAt(rate, most, looks.get(rate) ?? []));
}

function figuresAt(rate: number, most: Partial<Look>, rounds: readonly Look[]): Figure[] {
  const figure = (name: string, of: keyof Look, unit: Figure["unit"]): Figure => {
    const values = rounds.map((round) => round[of]);
    const detail = listRounds(values, 1);
    const limit = most[of];
    const bar: Figure["bar"] = limit === undefined ? null : { kind: "at most", limit };
    return { section: "rates", name: `${name} at ${rate}/s`, value: median(values), unit, bar, detail };
  };
  return [
    figure("ack p50", "ackP50", "ms"),
    figure("ack p99", "ackP99", "ms"),
    figure("ack to receiver p50", "deliveryP50", "ms"),
    figure("ack to receiver p99", "deliveryP99", "ms"),
    figure("processor time of all processes", "processor", "% of a core"),
  ];
}
