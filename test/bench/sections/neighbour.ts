// One team does the worst that it may; what does another team's webhook take from its sending to its receipt meanwhile?
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runAdmin } from "#server/cli/admin-commands.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { NOISES, type NoiseKind } from "#test/bench/noise/kinds.ts";
import type { NoiseCalls } from "#test/bench/noise/main.ts";
import { startRemote } from "#test/bench/remote.ts";
import type { Figure } from "#test/bench/report.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, startStack } from "./section.ts";

/** A quiet team: few enough that its own queueing is no part of the figure, enough for a percentile. */
const RATE_PER_SECOND = 60;
const CONNECTIONS = 64;
/** Until the noise is in full swing. */
const NOISE_LEAD_MS = 2_000;
const MAX_RATIO = 2;

async function makeNeighbourKey(databaseUrl: string): Promise<string> {
  const db = makePrisma(databaseUrl, 1);
  try {
    const admin = { db, env: { apiKey: undefined }, now: new Date() };
    const team = await runAdmin(admin, { words: ["team", "create", "neighbour"], options: {} });
    return await runAdmin(admin, { words: ["key", "create"], options: { team: [team], name: "noise" } });
  } finally {
    await db.$disconnect();
  }
}

async function measureKind(bench: Bench, kind: NoiseKind): Promise<Figure> {
  const { load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, `bench_neighbour_${kind}`, async (databaseUrl) => ({
    wiring: await wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "quiet" } }),
    key: await makeNeighbourKey(databaseUrl),
  }));
  await using noise = startRemote<NoiseCalls>(join(import.meta.dirname, "..", "noise", "main.ts"));
  const { wiring, key } = stack.prepared;
  const target = targetAt(stack.gateway.url, wiring.path);
  const times = { warmUpSeconds: 1, seconds: isQuick ? 4 : 8, connections: CONNECTIONS };
  const look = () => load.call("arrive", { target, ratePerSecond: RATE_PER_SECOND, ...times });

  const quiet = await look();
  await noise.call("start", { kind, neighbour: { gatewayUrl: stack.gateway.url, key } });
  await sleep(NOISE_LEAD_MS);
  const noisy = await look();
  await noise.call("stop", null);

  const lost = noisy.sent - noisy.received;
  return {
    section: "neighbour",
    name: `p99 beside the worst at ${kind}`,
    value: noisy.refused > 0 || lost > 0 ? Number.NaN : noisy.total.p99 / quiet.total.p99,
    unit: "ratio",
    bar: { kind: "at most", limit: MAX_RATIO },
    detail:
      `sent to received, quiet ${quiet.total.p99.toFixed(0)} ms, beside it ${noisy.total.p99.toFixed(0)} ms; ` +
      `ack p99 ${quiet.ack.p99.toFixed(0)} and ${noisy.ack.p99.toFixed(0)} ms; ${noisy.refused} refused, ${lost} not received`,
  };
}

export async function measureNeighbour(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of Object.keys(NOISES) as NoiseKind[]) {
    bench.say(`neighbour: ${kind}`);
    figures.push(await measureKind(bench, kind));
  }
  return figures;
}
