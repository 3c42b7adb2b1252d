// A hundred thousand events for a thousand destinations that are dead; what do the deliveries of a thousand healthy ones take
// meanwhile, and is each dead one left alone but for its probes?
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import type { DeadCalls } from "#test/bench/dead/main.ts";
import type { LoadCalls } from "#test/bench/load/main.ts";
import type { OpenLoopResult } from "#test/bench/load/open-loop.ts";
import { copySources } from "#test/bench/many-resources.sql.ts";
import { judgeProbes, type ProbePace } from "#test/bench/probe-pace.ts";
import { startRemote } from "#test/bench/remote.ts";
import type { Figure } from "#test/bench/report.ts";
import { residentMiB } from "#test/bench/resident-memory.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, type Stack, startStack } from "./section.ts";

const CONNECTIONS = 64;
const EVENTS_PER_DEAD = 100;
const CONCURRENCY = 5;
const TIMEOUT_MS = 2_000;
const WARM_UP_SECONDS = 5;
const BEFORE_SECONDS = 10;
const MAX_P99_MS = 1_000;
const MAX_MEMORY_RATIO = 2;

/** Of a whole run and of a quick one. */
const SIZES = {
  whole: { each: 1_000, healthyPerSecond: 100, deadPerSecond: 1_000, probeMinMs: DEFAULT_BREAKER.probe_min_ms },
  quick: { each: 100, healthyPerSecond: 50, deadPerSecond: 500, probeMinMs: 5_000 },
};

interface Wired {
  healthy: string[];
  dead: string[];
}

export async function measureDead(bench: Bench): Promise<Figure[]> {
  const { load, receiverPort } = bench;
  const { each, healthyPerSecond, deadPerSecond, probeMinMs } = SIZES[bench.isQuick ? "quick" : "whole"];
  await using receivers = startRemote<DeadCalls>(join(import.meta.dirname, "..", "dead", "main.ts"));
  await using sender = startRemote<LoadCalls>(join(import.meta.dirname, "..", "load", "main.ts"));
  const ports = await receivers.call("listen", each);
  const breaker = { probe_min_ms: probeMinMs };
  const retry = { strategy: "exponential", interval: 60_000, count: 5 } as const;
  await using stack = await startStack(bench, "bench_dead", async (databaseUrl, client): Promise<Wired> => {
    const well = await wire(databaseUrl, {
      receiverPort,
      fanOut: 1,
      source: { name: "healthy" },
      to: { auth_type: "NONE" },
    });
    const to = { auth_type: "NONE", breaker, retry, concurrency: CONCURRENCY, timeout_ms: TIMEOUT_MS } as const;
    const ill = await wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "dead" }, to });
    const copies = { count: each, fanOut: 1, hasOwnDestinations: true };
    const urls = ports.map((port) => `http://127.0.0.1:${port}/dead`);
    return {
      healthy: await copySources(client, well, copies),
      dead: await copySources(client, ill, { ...copies, urls }),
    };
  });
  const { healthy, dead } = stack.prepared;
  const arrive = (by: typeof load, paths: string[], ratePerSecond: number, seconds: number, fanOut = 1) =>
    by.call("arrive", {
      target: targetAt(stack.gateway.url, paths[0] ?? ""),
      ...{ paths, ratePerSecond, seconds, fanOut, connections: CONNECTIONS, warmUpSeconds: 1 },
    });
  // A lane's first turn takes longer.
  await arrive(load, healthy, healthyPerSecond, WARM_UP_SECONDS);
  const before = await arrive(load, healthy, healthyPerSecond, BEFORE_SECONDS);
  const memoryBefore = await memoryOf(stack);
  const seconds = (each * EVENTS_PER_DEAD) / deadPerSecond;
  const [during] = await Promise.all([
    arrive(load, healthy, healthyPerSecond, seconds),
    arrive(sender, dead, deadPerSecond, seconds, 0),
  ]);
  // Until the third probe of the last that opened.
  const after = await arrive(load, healthy, healthyPerSecond, (probeMinMs * 7.5) / 1_000);
  const memoryAfter = await memoryOf(stack);
  await sleep(TIMEOUT_MS);
  const rules = {
    probeMinMs,
    probeMaxMs: DEFAULT_BREAKER.probe_max_ms,
    failures: DEFAULT_BREAKER.consecutive_failures ?? Number.NaN,
    concurrency: CONCURRENCY,
  };
  const paces = (await receivers.call("tries", null)).map((tries) => judgeProbes(tries, rules));
  const name = (what: string) =>
    `p99 of ${each} destinations ${what} ${(each * EVENTS_PER_DEAD) / 1_000} k for ${each} dead ones`;
  return [
    toLatency(name("while they get"), during, before),
    toLatency(name("after"), after, before),
    toProbes(paces, await countStates(stack)),
    {
      section: "dead",
      name: "memory of gateway and worker beside them / before",
      value: memoryAfter / memoryBefore,
      unit: "ratio",
      bar: { kind: "at most", limit: MAX_MEMORY_RATIO },
      detail: `${memoryBefore.toFixed(0)} MiB before, ${memoryAfter.toFixed(0)} beside them`,
    },
  ];
}

async function memoryOf({ gateway, worker }: Stack): Promise<number> {
  return (await residentMiB(gateway.pid)) + (await residentMiB(worker.pid));
}

function toLatency(name: string, look: OpenLoopResult, before: OpenLoopResult): Figure {
  const tell = ({ total, ack, sent, received }: OpenLoopResult) =>
    `p50 ${total.p50.toFixed(0)}, p99 ${total.p99.toFixed(0)} ms (ack ${ack.p99.toFixed(0)}) of ${received} of ${sent}`;
  return {
    section: "dead",
    name,
    value: look.refused > 0 || look.received !== look.sent ? Number.NaN : look.total.p99,
    unit: "ms",
    bar: { kind: "at most", limit: MAX_P99_MS },
    detail: `sent to received, before ${tell(before)}; now ${tell(look)}`,
  };
}

/** How many of the dead were tried more often than once a wait; NaN where so few were probed that this says nothing. */
function toProbes(paces: ProbePace[], states: string): Figure {
  const wrong = paces.flatMap((pace) => pace.wrong ?? []);
  const probes = paces.map((pace) => pace.probes);
  const probed = probes.filter((count) => count > 0).length;
  const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
  return {
    section: "dead",
    name: "dead destinations with more than one probe in a wait",
    value: probed < paces.length * 0.9 ? Number.NaN : wrong.length,
    unit: "count",
    bar: { kind: "at most", limit: 0 },
    detail:
      `${sum(paces.map((pace) => pace.tries))} tries before breakers opened and ${sum(probes)} probes of ${probed} of ${paces.length}` +
      `, at most ${Math.max(...probes)} of one; ${states}${wrong.length > 0 ? `; first: ${wrong.slice(0, 5).join(", ")}` : ""}`,
  };
}

async function countStates({ client }: Stack): Promise<string> {
  const { rows } = await client.query("select status, count(*)::int as n from event group by status order by n desc");
  return `events ${rows.map(({ status, n }) => `${n} ${status}`).join(", ")}`;
}
