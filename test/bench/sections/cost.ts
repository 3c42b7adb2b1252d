// What a request at the door costs in processor time, in all processes together and until it is routed, as a multiple of what bare
// node:http costs in the same round. Others on the machine move rates by half; they move this ratio little.
import { sum, usedSeconds } from "#test/bench/processor-time.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { compareRounds, median } from "#test/bench/statistics.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, interleave, roundsOf, startStack, untilRouted } from "./section.ts";

/** Connections, and the bars: of processor time, and of answers a second, which is the wider figure. */
const LOADS = [
  { connections: 64, mostTime: 4.7, leastRate: 0.3 },
  { connections: 256, mostTime: 4, leastRate: 0.38 },
] as const;
const ROUNDS = 6;

interface Look {
  /** Microseconds a request, of the gateway, the worker and Postgres; of bare the first alone. */
  parts: number[];
  perSecond: number;
}

export async function measureCost(bench: Bench): Promise<Figure[]> {
  const { instance, bareServer, receiverPort } = bench;
  await using stack = await startStack(bench, "bench_cost", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 0, source: { name: "plain" } }),
  );
  const door = targetAt(stack.gateway.url, stack.prepared.path);
  const bare = targetAt(`http://127.0.0.1:${await bareServer.call("port", null)}`, "/");
  const { gateway, worker } = stack;
  const none = async () => 0;
  const used = {
    door: [
      () => usedSeconds([gateway.pid]),
      () => usedSeconds([worker.pid]),
      () => usedSeconds([], instance.postgresPid),
    ],
    bare: [() => usedSeconds([bareServer.pid]), none, none],
  };
  const readAll = (side: "door" | "bare") => Promise.all(used[side].map((read) => read()));
  const looks: Record<"door" | "bare", Look[]> = { door: [], bare: [] };
  const measure = async (side: "door" | "bare", connections: number, seconds = bench.isQuick ? 2 : 3) => {
    const before = await readAll(side);
    const target = side === "door" ? door : bare;
    const times = { warmUpSeconds: 0, seconds };
    const result = await bench.load.call("hammer", { target, payload: { kind: "plain" }, connections, ...times });
    if (result.refused > 0) throw new Error(`The ${side} refused ${result.refused} of ${result.answers} requests.`);
    if (side === "door") await untilRouted(stack.client);
    const after = await readAll(side);
    const parts = after.map((seconds, i) => ((seconds - (before[i] ?? 0)) * 1e6) / result.answers);
    looks[side].push({ parts, perSecond: result.answersPerSecond });
    return sum(parts);
  };
  for (const side of ["bare", "door"] as const) await measure(side, LOADS[0].connections, 1);

  const figures: Figure[] = [];
  for (const { connections, mostTime, leastRate } of LOADS) {
    looks.door = [];
    looks.bare = [];
    const rounds = await interleave(roundsOf(bench, ROUNDS, 3), {
      bare: () => measure("bare", connections),
      door: () => measure("door", connections),
    });
    const { ratios, ratio, ours, theirs } = compareRounds(rounds, "door", "bare");
    figures.push({
      section: "cost",
      name: `processor time of a request, all processes / bare node:http, ${connections} connections`,
      value: ratio,
      unit: "ratio",
      bar: { kind: "at most", limit: mostTime },
      detail: `${ours.toFixed(1)} us (${partsOf(looks.door)}) against ${theirs.toFixed(1)} us; ${listRounds(ratios)}`,
    });
    const rates = looks.door.map(({ perSecond }, round) => perSecond / (looks.bare[round]?.perSecond ?? Number.NaN));
    figures.push({
      section: "cost",
      name: `answers a second / bare node:http, ${connections} connections`,
      value: median(rates),
      unit: "ratio",
      bar: { kind: "at least", limit: leastRate },
      detail: listRounds(rates),
    });
  }
  return figures;
}

/** Medians, which need not add up to that of the whole. */
const partsOf = (looks: readonly Look[]) =>
  ["gateway", "worker", "Postgres"]
    .map((name, i) => `${name} ${median(looks.map(({ parts }) => parts[i] ?? Number.NaN)).toFixed(1)}`)
    .join(", ");
