// The whole path, from a POST at the door to a delivery that is recorded, against bare node:http taking the same POSTs.
import { type Figure, listRounds, perSecond } from "#test/bench/report.ts";
import { compareRounds } from "#test/bench/statistics.ts";
import { targetAt, type Wiring, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, checkedFlow, interleave, MAX_UNDER_WAY, startStack } from "./section.ts";

export async function measurePath(bench: Bench): Promise<Figure[]> {
  const { load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, "bench_path", async (databaseUrl) => ({
    one: await wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "one" } }),
    three: await wire(databaseUrl, { receiverPort, fanOut: 3, source: { name: "three" } }),
  }));
  const bareUrl = `http://127.0.0.1:${await bench.bareServer.call("port", null)}`;
  const times = { warmUpSeconds: 1, seconds: isQuick ? 2 : 4, connections: CONNECTIONS };

  const deliveries = async ({ path, branches }: Wiring) => {
    const target = targetAt(stack.gateway.url, path);
    const input = { target, fanOut: branches.length, maxUnderWay: MAX_UNDER_WAY, ...times };
    return (await checkedFlow(bench, stack, input)).receiptsPerSecond;
  };
  const bare = async () => {
    const input = { target: targetAt(bareUrl, "/"), payload: { kind: "plain" } as const, ...times };
    return (await load.call("hammer", input)).answersPerSecond;
  };
  await deliveries(stack.prepared.one);
  const rounds = await interleave(isQuick ? 3 : 5, {
    bare,
    one: () => deliveries(stack.prepared.one),
    three: () => deliveries(stack.prepared.three),
  });

  const figure = (side: "one" | "three", fanOut: number): Figure => {
    const compared = compareRounds(rounds, side, "bare");
    return {
      section: "path",
      name: `deliveries over the whole path, fan-out ${fanOut} / bare`,
      value: compared.ratio,
      unit: "ratio",
      bar: { kind: "at least", limit: 0.12 },
      detail: `${perSecond(compared.ours)} against ${perSecond(compared.theirs)}; ${listRounds(compared.ratios)}`,
    };
  };
  return [figure("one", 1), figure("three", 3)];
}
