// A long load at a part of what the installation can do, and what is measured of it meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Instance } from "#test/chaos/instance.ts";
import type { Receipt, Sent } from "#test/chaos/logs.ts";
import { startProducers } from "#test/chaos/producers.ts";
import { countUnfinished } from "#test/chaos/read-told.ts";
import { startReceivers } from "#test/chaos/receivers.ts";
import { type SourceSpec, wire } from "#test/chaos/wiring.ts";
import { measureMemory, measureTables } from "./measure.ts";
import { type Finding, judgeSteadiness, MINUTE_MS, type Sample } from "./steadiness.ts";

export interface SoakOptions {
  lengthMs: number;
  seed: number;
  /** The part of what was measured as capacity. */
  part: number;
  /** Requests per second, where the capacity is not to be measured. */
  rate: number | null;
  say: (sentence: string) => void;
  signal: AbortSignal;
}

export interface SoakOutcome {
  /** Requests per second. */
  rate: number;
  capacity: number | null;
  acknowledged: number;
  refused: number;
  /** How often by each status; 0 when there was no answer. */
  refusedBy: ReadonlyMap<number, number>;
  delivered: number;
  findings: Finding[];
}

const SAMPLE_MS = 5_000;
const SAY_EVERY = 6;
/** Code is compiled, pools and caches are filled. */
const WARM_UP_PART = 0.2;
const LONGEST_WARM_UP_MS = 5 * MINUTE_MS;
const CAPACITY_MS = 20_000;
/** More than any machine takes of so few senders: each of them sends its next request when it has its answer. */
const AS_MUCH_AS_GOES = 5_000;
const DRAIN_PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 200;

/** Nothing here is limited or broken, and no relay stands between a worker and its receiver. */
const SPECS: SourceSpec[] = [
  {
    ...{ team: "ours", name: "soaked", weight: 3, senders: 24 },
    to: [
      { name: "first", isDirect: true },
      { name: "second", isDirect: true, hasFilter: true },
    ],
  },
  {
    ...{ team: "ours", name: "soaked-keys", weight: 1, senders: 12 },
    to: [{ name: "third", isDirect: true, config: { ordering: "by_key", ordering_key: "body.key" } }],
  },
  { ...{ team: "theirs", name: "soaked-too", weight: 1, senders: 8 }, to: [{ name: "fourth", isDirect: true }] },
];

/** @throws when requests are refused or the API does not answer */
export async function runSoak(instance: Instance, options: SoakOptions): Promise<SoakOutcome> {
  await using stack = new AsyncDisposableStack();
  const log = makeLatencyLog();
  const receivers = stack.use(await startReceivers(log.addReceipt));
  const wiring = stack.use(await wire(instance, receivers, { specs: SPECS, suffix: "" }));
  const pool = new pg.Pool({ connectionString: instance.postgres.url, max: 1 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  let firstN = 1;
  const send = (rate: number) => {
    const from = firstN;
    firstN += 100_000_000;
    return startProducers({
      ...{ urls: instance.urls(), doors: wiring.doors, rate, seed: options.seed, firstN: from },
      log: log.addSent,
    });
  };
  const teams = (["ours", "theirs"] as const).map((team) => ({
    ...{ team, ...instance.teams[team], sourceIds: wiring.sourceIds[team] },
  }));
  const untilDrained = async () => {
    const deadline = performance.now() + DRAIN_PATIENCE_MS;
    for (;;) {
      const left = (await Promise.all(teams.map(countUnfinished))).reduce((sum, count) => sum + count, 0);
      if (left === 0) return;
      if (performance.now() > deadline) throw new Error(`${left} events or more did not come to an end.`);
      await sleep(LOOK_EVERY_MS);
    }
  };

  const capacity = options.rate === null ? await measureCapacity() : null;
  const rate = options.rate ?? Math.max(1, Math.floor((capacity ?? 0) * options.part));
  options.say(
    capacity === null
      ? `${rate} requests a second.`
      : `${rate} requests a second, of ${capacity.toFixed(0)} that it can do.`,
  );
  log.reset();
  const producers = send(rate);
  const samples = await sampleAll();
  await producers.end();
  await untilDrained();
  const { acknowledged, refused, delivered } = log.sums();
  const refusedBy = log.refusedBy();
  const warmUpMs = Math.min(LONGEST_WARM_UP_MS, options.lengthMs * WARM_UP_PART);
  return { rate, capacity, acknowledged, refused, refusedBy, delivered, findings: judgeSteadiness(samples, warmUpMs) };

  /** Requests a second, from the first one to the last delivery of what was acknowledged. */
  async function measureCapacity(): Promise<number> {
    options.say(`Measuring what it can do, for ${CAPACITY_MS / 1_000} s.`);
    const startedAtMs = performance.now();
    const producing = send(AS_MUCH_AS_GOES);
    await sleep(CAPACITY_MS, undefined, { signal: options.signal }).catch(() => {});
    await producing.end();
    await untilDrained();
    return log.sums().acknowledged / ((performance.now() - startedAtMs) / 1_000);
  }

  async function sampleAll(): Promise<Sample[]> {
    const taken: Sample[] = [];
    const startedAtMs = performance.now();
    while (performance.now() - startedAtMs < options.lengthMs && !options.signal.aborted) {
      await sleep(SAMPLE_MS, undefined, { signal: options.signal }).catch(() => {});
      const atMs = performance.now() - startedAtMs;
      const [memoryMiB, tables] = [await measureMemory(instance), await measureTables(pool)];
      const sample: Sample = { atMs, memoryMiB, tables, latencyMs: log.takeLatency() };
      taken.push(sample);
      if (taken.length % SAY_EVERY === 0) options.say(sampleLine(sample, log.sums().acknowledged));
    }
    return taken;
  }
}

function sampleLine({ atMs, memoryMiB, latencyMs }: Sample, acknowledged: number): string {
  const memory = Object.entries(memoryMiB).map(([role, value]) => `${role} ${value.toFixed(0)}`);
  const latency = latencyMs ? `median ${latencyMs.median} ms, p99 ${latencyMs.p99} ms` : "no deliveries";
  return `${(atMs / 1_000).toFixed(0)} s: ${acknowledged} acknowledged; ${latency}; ${memory.join(", ")} MiB`;
}

/** From the sending of a request to its arrival, by its number; numbers alone are kept, and those of the last moments only. */
function makeLatencyLog() {
  const sentAt = new Map<number, number>();
  let early: { n: number; atMs: number }[] = [];
  let latencies: number[] = [];
  let sums = { acknowledged: 0, refused: 0, delivered: 0 };
  const refusedBy = new Map<number, number>();
  return {
    addSent({ n, sentAtMs, requestId, status }: Sent) {
      if (requestId === null) {
        sums.refused++;
        refusedBy.set(status, (refusedBy.get(status) ?? 0) + 1);
      } else sums.acknowledged++;
      sentAt.set(n, sentAtMs);
      if (sentAt.size > 2 * KEPT) for (const old of sentAt.keys()) if (sentAt.size > KEPT) sentAt.delete(old);
    },
    addReceipt({ n, atMs }: Receipt) {
      sums.delivered++;
      // What arrives before its sender has read the answer is looked up when both are known.
      early.push({ n, atMs });
    },
    takeLatency(): Sample["latencyMs"] {
      const waiting: typeof early = [];
      for (const one of early) {
        const sentAtMs = sentAt.get(one.n);
        if (sentAtMs === undefined) waiting.push(one);
        else latencies.push(one.atMs - sentAtMs);
      }
      early = waiting.slice(-KEPT);
      const sorted = latencies.sort((a, b) => a - b);
      latencies = [];
      if (sorted.length === 0) return null;
      const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
      return { median: at(0.5), p99: at(0.99) };
    },
    sums: () => sums,
    refusedBy: () => refusedBy,
    reset() {
      refusedBy.clear();
      sums = { acknowledged: 0, refused: 0, delivered: 0 };
      early = [];
      latencies = [];
    },
  };
}
const KEPT = 20_000;
