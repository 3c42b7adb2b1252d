// What nobody may notice: days that are dropped, a day that ends, a long transaction, a configuration that changes ten times a
// second. How long does anybody wait at the door and for a delivery meanwhile, beyond what they wait without it?
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { addJobStatement } from "#server/jobs.ts";
import { BIG_TABLE_NAMES, daysAhead, listPartitions } from "#server/retention/partitions.ts";
import { makeKey } from "#test/bench/api-calls.ts";
import type { LoadCalls } from "#test/bench/load/main.ts";
import { copySources } from "#test/bench/many-resources.sql.ts";
import { judgeSwaps } from "#test/bench/one-config.ts";
import { type Remote, startRemote } from "#test/bench/remote.ts";
import type { Figure } from "#test/bench/report.ts";
import { longestStall, type Waited } from "#test/bench/stalls.ts";
import { median, quantile } from "#test/bench/statistics.ts";
import { type SwapLog, startSwaps } from "#test/bench/swaps.ts";
import { countExpired, countLate, endDayAt, forgetLastDay, storeExpired } from "#test/bench/upkeep.sql.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, type Stack, startStack } from "./section.ts";

const SOURCES = 10;
const RATE_PER_SECOND = 100;
const MAX_STALL_MS = 100;
const ROUNDS = 3;
/** From the preparation of a stack to its first look. */
const START_MS = 20_000;
const UPKEEP_AFTER_MS = 3_000;

/** What happens beside the load. */
interface Kind {
  config: boolean;
  retention: boolean;
  dayEnds: boolean;
  transaction: boolean;
}
const KINDS: Record<string, Partial<Kind>> = {
  "a configuration that changes ten times a second": { config: true },
  "days that are dropped": { retention: true },
  "the end of a day": { dayEnds: true },
  "all of it in a long transaction": { config: true, retention: true, dayEnds: true, transaction: true },
};

const SIZES = {
  whole: { expired: 200_000, calmSeconds: 30, seconds: 40, longSeconds: 600 },
  quick: { expired: 10_000, calmSeconds: 8, seconds: 10, longSeconds: 20 },
};

export async function measureUpkeep(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, kind] of Object.entries(KINDS)) {
    bench.say(`upkeep: ${name}`);
    figures.push(...(await measureKind(bench, name, kind)));
  }
  return figures;
}

async function measureKind(bench: Bench, name: string, kind: Partial<Kind>): Promise<Figure[]> {
  const size = SIZES[bench.isQuick ? "quick" : "whole"];
  const seconds = kind.transaction ? size.longSeconds : size.seconds;
  const calmMs = size.calmSeconds * 1_000;
  await using control = startRemote<LoadCalls>(join(import.meta.dirname, "..", "load", "main.ts"));
  await using stack = await startStack(
    bench,
    `bench_upkeep_${Object.keys(kind).join("_").toLowerCase()}`,
    async (databaseUrl, client) => {
      const to = { auth_type: "NONE" } as const;
      const wiring = await wire(databaseUrl, {
        receiverPort: bench.receiverPort,
        fanOut: 1,
        source: { name: "steady" },
        to,
      });
      if (kind.retention) await storeExpired(client, wiring, size.expired, Date.now());
      const dayEndsAtMs = Date.now() + START_MS + calmMs + Math.min(seconds * 500, 30_000);
      if (kind.dayEnds) await endDayAt(client, dayEndsAtMs);
      const paths = await copySources(client, wiring, { count: SOURCES, fanOut: 1, hasOwnDestinations: true });
      return { paths, dayEndsAtMs, key: await makeKey(databaseUrl, "write") };
    },
  );
  const { paths, dayEndsAtMs, key } = stack.prepared;
  await using swaps = await startSwaps(stack.gateway.url, key);
  const look = (lookSeconds: number) => lookAt(bench, { control, stack, paths, seconds: lookSeconds });
  await look(2);
  const rounds: Round[] = [];
  // What happens once has one round; changes of a configuration go on and on, and the longest of one round is an accident.
  const isRepeated = !kind.retention && !kind.dayEnds;
  const count = isRepeated ? (bench.rounds ?? ROUNDS) : 1;
  while (rounds.length < count) {
    const calm = await look(size.calmSeconds);
    if (kind.dayEnds) await sleep(Math.max(0, dayEndsAtMs - Date.now() - 5_000));
    // Only now: a worker makes what is missing when it starts.
    if (kind.dayEnds) await forgetLastDay(stack.client);
    const startedAtMs = Date.now();
    const [beside, log] = await Promise.all([
      look(seconds),
      kind.config ? swaps.run(seconds) : null,
      kind.transaction ? holdTransaction(stack, seconds) : null,
      upkeep(stack, kind),
    ]);
    rounds.push({ calm, beside, log, happened: await happened(stack, kind, { dayEndsAtMs, startedAtMs }) });
  }
  const logs = rounds.flatMap(({ log }) => log ?? []);
  const figures = (["door", "deliveries"] as const).map((what) => toFigure(name, what, rounds));
  return [...figures, ...(logs.length > 0 ? [toConfigFigure(name, logs)] : [])];
}

interface Round {
  calm: Looked;
  beside: Looked;
  log: SwapLog | null;
  happened: { isTrue: boolean; says: string };
}

function toFigure(name: string, what: "door" | "deliveries", rounds: readonly Round[]): Figure {
  const added = rounds.map(({ beside, calm }) => Math.max(0, beside[what].tookMs - calm[what].tookMs));
  const told = rounds.find(({ happened: { isTrue } }) => !isTrue) ?? rounds[0];
  const each = (read: (round: Round) => number) => rounds.map((round) => read(round).toFixed(0)).join(" ");
  return {
    section: "upkeep",
    name: `longest wait, ${what}, beside ${name}`,
    value: rounds.every(({ happened: { isTrue } }) => isTrue) ? median(added) : Number.NaN,
    unit: "ms",
    bar: { kind: "at most", limit: MAX_STALL_MS },
    detail:
      `beyond the longest without it, ${rounds.length > 1 ? "the median of rounds" : "of one round"}: ${each(({ beside }) => beside[what].tookMs)} less ${each(({ calm }) => calm[what].tookMs)} ms, ` +
      `each less what a bare server took meanwhile (at most ${each(({ beside }) => beside.controlMs)} and ${each(({ calm }) => calm.controlMs)}); ` +
      `p99 ${each(({ beside }) => beside.p99[what])} and ${each(({ calm }) => calm.p99[what])} ms; ${told?.happened.says}`,
  };
}

interface Looked {
  door: Waited;
  deliveries: Waited;
  p99: { door: number; deliveries: number };
  /** The longest of the bare server. */
  controlMs: number;
}

interface LookInput {
  control: Remote<LoadCalls>;
  stack: Stack;
  paths: string[];
  seconds: number;
}

/** The load, and the same load at a bare server by a generator of its own. */
async function lookAt(bench: Bench, { control, stack, paths, seconds }: LookInput): Promise<Looked> {
  const times = { ratePerSecond: RATE_PER_SECOND, connections: 32, warmUpSeconds: 1, seconds, tellsAll: true };
  const bare = targetAt(`http://127.0.0.1:${await bench.bareServer.call("port", null)}`, "/");
  const [result, beside] = await Promise.all([
    bench.load.call("arrive", { target: targetAt(stack.gateway.url, paths[0] ?? ""), paths, ...times }),
    control.call("arrive", { target: bare, fanOut: 0, ...times }),
  ]);
  if (result.refused > 0) throw new Error(`${result.refused} of ${result.sent} requests were refused.`);
  const { ack = [], total = [] } = result.all ?? {};
  const waits = beside.all?.ack ?? [];
  return {
    door: longestStall(ack, waits),
    deliveries: longestStall(total, waits),
    p99: { door: result.ack.p99, deliveries: result.total.p99 },
    controlMs: beside.ack.max,
  };
}

/** A transaction that has read everything and sees nothing new, as that of a dump. */
async function holdTransaction({ databaseUrl }: Stack, seconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read");
    for (const table of BIG_TABLE_NAMES) await client.query(`select count(*) from ${table}`);
    // It ends a moment before the load, which sees what waited for its end.
    await sleep((seconds - Math.min(5, seconds / 4)) * 1_000);
    await client.query("rollback");
  } finally {
    await client.end();
  }
}

/** The jobs of the clock, a while after the look has begun. */
async function upkeep({ client }: Stack, { retention, dayEnds }: Partial<Kind>): Promise<void> {
  await sleep(UPKEEP_AFTER_MS);
  if (retention) await client.query(addJobStatement("purge-expired", {}));
  if (dayEnds) await client.query(addJobStatement("maintain-partitions", {}));
}

/** Whether all of it took place, within the look. */
async function happened(
  { client }: Stack,
  kind: Partial<Kind>,
  { dayEndsAtMs, startedAtMs }: { dayEndsAtMs: number; startedAtMs: number },
): Promise<{ isTrue: boolean; says: string }> {
  const expired = await countExpired(client, startedAtMs);
  const late = kind.dayEnds ? await countLate(client, dayEndsAtMs) : 0;
  const ahead = daysAhead(await listPartitions(client), startedAtMs);
  const says = [
    ...(kind.retention ? [`${expired} days are left to drop`] : []),
    ...(kind.dayEnds ? [`${late} requests of the new day`, `${ahead} days made ahead`] : []),
  ];
  const isDropped = !kind.retention || expired === 0;
  const hasEnded = !kind.dayEnds || (late > 0 && dayEndsAtMs > startedAtMs && ahead >= 3);
  return { isTrue: isDropped && hasEnded, says: says.join(", ") || "nothing else" };
}

function toConfigFigure(name: string, logs: readonly SwapLog[]): Figure {
  const judged = logs.map(({ swaps, sent, received }) => judgeSwaps(swaps, sent, received));
  const sum = <T>(of: readonly T[], read: (each: T) => number) => of.reduce((all, each) => all + read(each), 0);
  const [mixed, old, decisive] = [
    sum(judged, (each) => each.mixed),
    sum(judged, (each) => each.old),
    sum(judged, (each) => each.decisive),
  ];
  const tookMs = logs.flatMap((log) => log.tookMs);
  return {
    section: "upkeep",
    name: `requests not judged by one current configuration, beside ${name}`,
    value: judged.some((each) => each.decisive === 0) ? Number.NaN : mixed + old,
    unit: "count",
    bar: { kind: "at most", limit: 0 },
    detail:
      `${mixed} by two at once, ${old} by one that was over, of ${sum(logs, ({ sent }) => sent.length)}, ${decisive} with at most three that could; ` +
      `${sum(logs, ({ changes }) => changes)} changes of one connection and ${sum(logs, ({ swaps }) => swaps.length - 1)} of four at once within ${sum(logs, ({ seconds }) => seconds)} s, p50 ${quantile(tookMs, 0.5).toFixed(0)}, p99 ${quantile(tookMs, 0.99).toFixed(0)} ms of those`,
  };
}
