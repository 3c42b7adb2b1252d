// What a request at the door costs in processor time, in all processes together and until it is routed, as a multiple of what bare
// node:http costs in the same round. Others on the machine move rates by half; they move this ratio little.
import { setTimeout as sleep } from "node:timers/promises";
import { usedSeconds } from "#test/bench/processor-time.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, interleave, type Stack, startStack } from "./section.ts";

const CONNECTIONS = [64, 256] as const;
const ROUNDS = 6;
const ROUTING_PATIENCE_MS = 30_000;

export async function measureCost(bench: Bench): Promise<Figure[]> {
  const { instance, bareServer, receiverPort } = bench;
  await using stack = await startStack(bench, "bench_cost", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 0, source: { name: "plain" } }),
  );
  const door = targetAt(stack.gateway.url, stack.prepared.path);
  const bare = targetAt(`http://127.0.0.1:${await bareServer.call("port", null)}`, "/");
  const used = {
    door: () => usedSeconds([stack.gateway.pid, stack.worker.pid], instance.postgresPid),
    bare: () => usedSeconds([bareServer.pid]),
  };
  const measure = async (side: "door" | "bare", connections: number, seconds = bench.isQuick ? 2 : 3) => {
    const before = await used[side]();
    const target = side === "door" ? door : bare;
    const times = { warmUpSeconds: 0, seconds };
    const result = await bench.load.call("hammer", { target, payload: { kind: "plain" }, connections, ...times });
    if (result.refused > 0) throw new Error(`The ${side} refused ${result.refused} of ${result.answers} requests.`);
    if (side === "door") await untilRouted(stack);
    return (((await used[side]()) - before) * 1e6) / result.answers;
  };
  for (const side of ["bare", "door"] as const) await measure(side, CONNECTIONS[0], 1);

  const figures: Figure[] = [];
  for (const connections of CONNECTIONS) {
    const rounds = await interleave(bench.rounds ?? (bench.isQuick ? 3 : ROUNDS), {
      bare: () => measure("bare", connections),
      door: () => measure("door", connections),
    });
    const ratios = rounds.map((round) => round.door / round.bare);
    const [ours, theirs] = (["door", "bare"] as const).map((side) => median(rounds.map((round) => round[side])));
    figures.push({
      section: "cost",
      name: `processor time of a request, all processes / bare node:http, ${connections} connections`,
      value: median(ratios),
      unit: "ratio",
      bar: null,
      detail: `${ours?.toFixed(1)} us against ${theirs?.toFixed(1)} us; ${listRounds(ratios)}`,
    });
  }
  return figures;
}

/** What was accepted is routed, so nothing of it is still to be paid for. */
async function untilRouted({ client }: Stack): Promise<void> {
  const deadline = performance.now() + ROUTING_PATIENCE_MS;
  while ((await client.query("select from hand_off limit 1")).rowCount !== 0) {
    if (performance.now() > deadline) throw new Error("Requests are still not routed.");
    await sleep(50);
  }
}
