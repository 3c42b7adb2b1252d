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
import { median } from "#test/bench/statistics.ts";
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
/** Their median counts: the p99 of one look rests on a few events. */
const LOOKS = 3;
/** Until what is left of the noise has been worked off or given up. */
const AFTERMATH_MS = 15_000;
/** What gateway and worker may hold after the worst, as a multiple of what they held before. */
const MAX_MEMORY_RATIO = 2;

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

/** Some looks at the quiet team in a row. */
interface Looks {
  /** Milliseconds from sending to receipt, and to the answer. The median of the looks. */
  totalP99: number;
  ackP99: number;
  slowestAck: number;
  refused: number;
  lost: number;
  /** Of every look. */
  rounds: string;
}

interface Beside {
  quiet: Looks;
  noisy: Looks;
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
  const look = async () => {
    const results: OpenLoopResult[] = [];
    for (let i = 0; i < LOOKS; i++) {
      results.push(await load.call("arrive", { target, ratePerSecond: RATE_PER_SECOND, ...times }));
    }
    return summarize(results);
  };
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

function summarize(results: OpenLoopResult[]): Looks {
  const totals = results.map(({ total }) => total.p99);
  return {
    totalP99: median(totals),
    ackP99: median(results.map(({ ack }) => ack.p99)),
    slowestAck: Math.max(...results.map(({ ack }) => ack.max)),
    refused: results.reduce((sum, { refused }) => sum + refused, 0),
    lost: results.reduce((sum, { sent, received }) => sum + sent - received, 0),
    rounds: totals.map((ms) => ms.toFixed(0)).join(" "),
  };
}

const tell = ({ quiet, noisy }: Beside) =>
  `sent to received, quiet ${quiet.totalP99.toFixed(0)} ms (${quiet.rounds}), beside it ${noisy.totalP99.toFixed(0)} ms ` +
  `(${noisy.rounds}); ack p99 ${quiet.ackP99.toFixed(0)} and ${noisy.ackP99.toFixed(0)} ms, slowest ` +
  `${noisy.slowestAck.toFixed(0)} ms; ${noisy.refused} refused, ${noisy.lost} not received; its generator at the lowest priority`;

/** NaN, which meets no bar, where anything was refused or lost. */
const unlessLost = ({ noisy }: Beside, value: number) => (noisy.refused > 0 || noisy.lost > 0 ? Number.NaN : value);

async function measureKind(bench: Bench, kind: NoiseKind): Promise<Figure> {
  const beside = await measureBeside(bench, kind, [kind]);
  return {
    section: "neighbour",
    name: `p99 beside the worst at ${kind}`,
    value: unlessLost(beside, beside.noisy.totalP99 / beside.quiet.totalP99),
    unit: "ratio",
    bar: { kind: "at most", limit: MAX_RATIO },
    detail: tell(beside),
  };
}

async function measureAllAtOnce(bench: Bench): Promise<Figure[]> {
  const beside = await measureBeside(bench, "all", Object.keys(NOISES) as NoiseKind[]);
  const { before, during, after } = beside.memoryMiB;
  return [
    {
      section: "neighbour",
      name: "slowest ack beside all of them at once",
      value: unlessLost(beside, beside.noisy.slowestAck),
      unit: "ms",
      bar: { kind: "at most", limit: MAX_ACK_MS },
      detail: tell(beside),
    },
    {
      section: "neighbour",
      name: "memory of gateway and worker after all of them / before",
      value: after / before,
      unit: "ratio",
      bar: { kind: "at most", limit: MAX_MEMORY_RATIO },
      detail: `${before.toFixed(0)} MiB before, ${during.toFixed(0)} in it, ${after.toFixed(0)} when it had been over for 15 s`,
    },
  ];
}

export async function measureNeighbour(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of Object.keys(NOISES) as NoiseKind[]) {
    bench.say(`neighbour: ${kind}`);
    figures.push(await measureKind(bench, kind));
  }
  bench.say("neighbour: all at once");
  figures.push(...(await measureAllAtOnce(bench)));
  return figures;
}
