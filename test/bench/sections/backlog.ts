// What stored rows cost: the whole path over databases that hold more and more, against one that is empty.
import type pg from "pg";
import { type Figure, listRounds, perSecond } from "#test/bench/report.ts";
import { compareRounds } from "#test/bench/statistics.ts";
import { storeDelivered } from "#test/bench/stored-rows.sql.ts";
import { targetAt, type Wiring, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, checkedFlow, interleave, MAX_UNDER_WAY, type Stack, startStack } from "./section.ts";

const STORED = { empty: 0, "10 k": 10_000, "100 k": 100_000, "1 M": 1_000_000 } as const;
type Size = keyof typeof STORED;
const BARS: Partial<Record<Size, number>> = { "1 M": 0.8 };

export async function measureBacklog(bench: Bench): Promise<Figure[]> {
  const { isQuick } = bench;
  const sizes = (Object.keys(STORED) as Size[]).filter((size) => !isQuick || size === "empty" || size === "100 k");
  await using disposables = new AsyncDisposableStack();
  const stacks = new Map<Size, Stack & { prepared: Wiring }>();
  for (const size of sizes) stacks.set(size, disposables.use(await startStored(bench, size)));

  const rateAt = async (size: Size) => {
    const stack = stacks.get(size);
    if (!stack) return Number.NaN;
    // What earlier rounds left would fill the empty one little by little.
    if (size === "empty") await forget(stack.client);
    const target = targetAt(stack.gateway.url, stack.prepared.path);
    const times = { warmUpSeconds: 1, seconds: isQuick ? 2 : 4, connections: CONNECTIONS };
    const result = await checkedFlow(bench, stack, { target, fanOut: 1, maxUnderWay: MAX_UNDER_WAY, ...times });
    return result.receiptsPerSecond;
  };
  for (const size of sizes) await rateAt(size);
  const sides = Object.fromEntries(sizes.map((size) => [size, () => rateAt(size)])) as Record<
    Size,
    () => Promise<number>
  >;
  const rounds = await interleave(isQuick ? 2 : 5, sides);

  return sizes
    .filter((size) => size !== "empty")
    .map((size): Figure => {
      const compared = compareRounds(rounds, size, "empty");
      const limit = BARS[size];
      return {
        section: "backlog",
        name: `whole path with ${size} events stored / empty`,
        value: compared.ratio,
        unit: "ratio",
        bar: limit === undefined ? null : { kind: "at least", limit },
        detail: `${perSecond(compared.ours)} against ${perSecond(compared.theirs)}; ${listRounds(compared.ratios)}`,
      };
    });
}

async function startStored(bench: Bench, size: Size): Promise<Stack & { prepared: Wiring }> {
  const name = `bench_stored_${STORED[size]}`;
  return startStack(bench, name, async (databaseUrl, client) => {
    const source = { name: "one" };
    const wiring = await wire(databaseUrl, { receiverPort: bench.receiverPort, fanOut: 1, source });
    if (STORED[size] > 0) {
      bench.say(`storing ${size} delivered events`);
      await storeDelivered(client, wiring, STORED[size], Date.now());
    }
    return wiring;
  });
}

const forget = (client: pg.Client) => client.query("truncate request, event, attempt");
