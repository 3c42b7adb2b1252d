// One team does the worst that it may; what does another team's webhook take from its sending to its receipt meanwhile?

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runAdmin } from "#server/cli/admin-commands.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { parseEnv } from "#server/env.ts";
import type { OpenLoopResult } from "#test/bench/load/open-loop.ts";
import { NOISES, type NoiseKind } from "#test/bench/noise/kinds.ts";
import type { NoiseCalls } from "#test/bench/noise/main.ts";
import { startRemote } from "#test/bench/remote.ts";
import type { Figure } from "#test/bench/report.ts";
import { residentMiB } from "#test/bench/resident-memory.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, startStack } from "./section.ts";

/** A quiet team: few enough that its own queueing is no part of the figure, enough for a percentile. */
const RATE_PER_SECOND = 60;
const CONNECTIONS = 64;
/** Until the noise is in full swing. */
const NOISE_LEAD_MS = 2_000;
const MAX_RATIO = 2;
/** With everything at once the door may be slow, and must answer. */
const MAX_ACK_MS = 2_000;
/** Until what is left of the noise has been worked off or given up. */
const AFTERMATH_MS = 5_000;

async function makeNeighbourKey(databaseUrl: string): Promise<string> {
  const db = makePrisma(databaseUrl, 1);
  try {
    const admin = { db, env: parseEnv({}), now: new Date() };
    const team = await runAdmin(admin, { words: ["team", "create", "neighbour"], options: {} });
    return await runAdmin(admin, { words: ["key", "create"], options: { team: [team], name: "noise" } });
  } finally {
    await db.$disconnect();
  }
}

interface Beside {
  quiet: OpenLoopResult;
  noisy: OpenLoopResult;
  /** Gateway and worker together: before the noise, in it, and when it has been over for a while. */
  memoryMiB: { before: number; during: number; after: number };
}

/** The quiet team without and beside the noise, on roles and a database of their own. */
async function measureBeside(bench: Bench, name: string, kinds: NoiseKind[]): Promise<Beside> {
  const { load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, `bench_neighbour_${name}`, async (databaseUrl) => ({
    wiring: await wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "quiet" } }),
    key: await makeNeighbourKey(databaseUrl),
  }));
  await using noise = startRemote<NoiseCalls>(join(import.meta.dirname, "..", "noise", "main.ts"));
  const { wiring, key } = stack.prepared;
  const target = targetAt(stack.gateway.url, wiring.path);
  const times = { warmUpSeconds: 1, seconds: isQuick ? 4 : 8, connections: CONNECTIONS };
  const look = () => load.call("arrive", { target, ratePerSecond: RATE_PER_SECOND, ...times });
  const memory = async () => {
    const [gateway = Number.NaN, worker = Number.NaN] = await Promise.all(
      [stack.gateway.pid, stack.worker.pid].map((pid) => residentMiB(pid)),
    );
    return gateway + worker;
  };

  const quiet = await look();
  const before = await memory();
  await noise.call("start", { kinds, neighbour: { gatewayUrl: stack.gateway.url, key } });
  await sleep(NOISE_LEAD_MS);
  const noisy = await look();
  const during = await memory();
  await noise.call("stop", null);
  await sleep(AFTERMATH_MS);
  return { quiet, noisy, memoryMiB: { before, during, after: await memory() } };
}

const tell = ({ quiet, noisy }: Beside) =>
  `sent to received, quiet ${quiet.total.p99.toFixed(0)} ms, beside it ${noisy.total.p99.toFixed(0)} ms; ` +
  `ack p99 ${quiet.ack.p99.toFixed(0)} and ${noisy.ack.p99.toFixed(0)} ms; ` +
  `${noisy.refused} refused, ${noisy.sent - noisy.received} not received`;

/** NaN, which meets no bar, where anything was refused or lost. */
const unlessLost = ({ noisy }: Beside, value: number) =>
  noisy.refused > 0 || noisy.received < noisy.sent ? Number.NaN : value;

async function measureKind(bench: Bench, kind: NoiseKind): Promise<Figure> {
  const beside = await measureBeside(bench, kind, [kind]);
  return {
    section: "neighbour",
    name: `p99 beside the worst at ${kind}`,
    value: unlessLost(beside, beside.noisy.total.p99 / beside.quiet.total.p99),
    unit: "ratio",
    bar: { kind: "at most", limit: MAX_RATIO },
    detail: tell(beside),
  };
}

async function measureAllAtOnce(bench: Bench): Promise<Figure> {
  const beside = await measureBeside(bench, "all", Object.keys(NOISES) as NoiseKind[]);
  const { before, during, after } = beside.memoryMiB;
  return {
    section: "neighbour",
    name: "slowest ack beside all of them at once",
    value: unlessLost(beside, beside.noisy.ack.max),
    unit: "ms",
    bar: { kind: "at most", limit: MAX_ACK_MS },
    detail: `${tell(beside)}; gateway and worker ${before.toFixed(0)} MiB before, ${during.toFixed(0)} in it, ${after.toFixed(0)} after`,
  };
}

export async function measureNeighbour(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of Object.keys(NOISES) as NoiseKind[]) {
    bench.say(`neighbour: ${kind}`);
    figures.push(await measureKind(bench, kind));
  }
  bench.say("neighbour: all at once");
  figures.push(await measureAllAtOnce(bench));
  return figures;
}
