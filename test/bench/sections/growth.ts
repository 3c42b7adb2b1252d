// What grows with what is stored, configured and sent: the whole path beside much of one thing, as a ratio to the same path on an empty
// database with one source and one destination, in the same round. Throughput says what somebody gets out of this machine, processor
// time what it costs; the second is the steadier one.
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { copySources } from "#test/bench/many-resources.sql.ts";
import { usedSeconds } from "#test/bench/processor-time.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { storeDelivered } from "#test/bench/stored-rows.sql.ts";
import { targetAt, type Wiring, wire } from "#test/bench/wiring.ts";
import {
  type Bench,
  CONNECTIONS,
  checkedFlow,
  interleave,
  MAX_UNDER_WAY,
  roundsOf,
  type Stack,
  startStack,
} from "./section.ts";

const MILLION = 1_000_000;
const STORED = { "1 M": MILLION, "5 M": 5 * MILLION } as const;
/** Of an event of 1 KB with its request, its attempt and what the fill writes ahead. */
const FILL_BYTES = 4_000;
const SPARE_BYTES = 20 * 2 ** 30;
const WARM_UP_SECONDS = 1;
const BODIES_BYTES = [10, 100].map((kilo) => kilo * 1024);

interface Case {
  stack: Stack;
  paths: string[];
  fanOut: number;
  bodyBytes?: number;
  /** Events. */
  stored?: number;
}
interface Look {
  /** Deliveries. */
  perSecond: number;
  /** Processor time of gateway, worker and their connections of Postgres for a delivery, in microseconds. */
  us: number;
}

export async function measureGrowth(bench: Bench): Promise<Figure[]> {
  const shapes = await measureShapes(bench);
  await bench.instance.dropDatabases();
  return [...shapes, ...(await measureStored(bench))];
}

type Prepare = (wiring: Wiring, client: Stack["client"]) => Promise<string[]>;

/** A stack with one source and one destination, and whatever else is prepared. Returns the path of that source, and others. */
async function startOne(bench: Bench, name: string, prepare: Prepare = async () => []) {
  const stack = await startStack(bench, `bench_growth_${name}`, async (databaseUrl, client) => {
    const source = { name: "one" };
    const to = { auth_type: "NONE" as const };
    const wiring = await wire(databaseUrl, { receiverPort: bench.receiverPort, fanOut: 1, source, to });
    return [wiring.path, ...(await prepare(wiring, client))];
  });
  const [own = "", ...others] = stack.prepared;
  return { ...stack, own, others };
}

/** Large bodies, and many resources. */
async function measureShapes(bench: Bench): Promise<Figure[]> {
  await using empty = await startOne(bench, "one");
  await using large = await startOne(bench, "large");
  await using wide = await startOne(bench, "wide", async (wiring, client) => [
    ...(await copySources(client, wiring, { count: 1_000, fanOut: 1, hasOwnDestinations: false })),
    ...(await copySources(client, wiring, { count: 1_000, fanOut: 10, hasOwnDestinations: true })),
    ...(await copySources(client, wiring, { count: 1, fanOut: 200, hasOwnDestinations: true })),
  ]);
  const cases = new Map<string, Case>([["empty", { stack: empty, paths: [empty.own], fanOut: 1 }]]);
  for (const bodyBytes of BODIES_BYTES) {
    cases.set(`bodies of ${bodyBytes / 1024} KB`, { stack: large, paths: [large.own], fanOut: 1, bodyBytes });
  }
  const ofWide = { "1,000 sources": [0, 1_000, 1], "10,000 destinations": [1_000, 2_000, 10] } as const;
  for (const [name, [from, to, fanOut]] of Object.entries(ofWide)) {
    cases.set(name, { stack: wide, paths: wide.others.slice(from, to), fanOut });
  }
  cases.set("200 connections on a source", { stack: wide, paths: wide.others.slice(-1), fanOut: 200 });
  return await compare(bench, cases);
}

/** Delivered events. Each stack takes one look in a round: roles that have run for longer are faster. */
async function measureStored(bench: Bench): Promise<Figure[]> {
  const sizes = await sizesToStore(bench);
  await using stacks = new AsyncDisposableStack();
  const cases = new Map<string, Case>();
  for (const [name, count] of sizes) {
    const stack = stacks.use(
      await startOne(bench, `stored_${count}`, async (wiring, client) => {
        bench.say(`storing ${name} delivered events`);
        await storeDelivered(client, wiring, count, Date.now());
        // Events that came over days are vacuumed by now. Those that were filled in within minutes would be, beside the looks.
        await client.query("vacuum (analyze) request, event, attempt");
        await client.query("checkpoint");
        return [];
      }),
    );
    cases.set(`${name} events stored`, { stack, paths: [stack.own], fanOut: 1, stored: count });
  }
  const empty = stacks.use(await startOne(bench, "empty"));
  const figures = await compare(bench, new Map([["empty", { stack: empty, paths: [empty.own], fanOut: 1 }], ...cases]));
  return figures.filter(({ unit }) => unit === "ratio");
}

/** What the disk has room for. */
async function sizesToStore({ isQuick, say }: Bench): Promise<[string, number][]> {
  const { bavail, bsize } = await statfs(tmpdir());
  const asked = Object.entries(STORED).filter(([, count]) => !isQuick || count === MILLION);
  let room = bavail * bsize - SPARE_BYTES;
  return asked.filter(([name, count]) => {
    room -= count * FILL_BYTES;
    if (room < 0) say(`the disk has no room for ${name} stored events`);
    return room >= 0;
  });
}

/** Each case as a ratio to that named `empty`, in the same round. */
async function compare(bench: Bench, cases: Map<string, Case>): Promise<Figure[]> {
  const looks = new Map<string, Look[]>([...cases.keys()].map((name) => [name, []]));
  const look = async (
    name: string,
    { stack, paths, fanOut, bodyBytes = 1024 }: Case,
    seconds: number,
  ): Promise<number> => {
    const used = async () => usedSeconds([stack.gateway.pid, stack.worker.pid, ...(await connectionPids(stack))]);
    // What earlier rounds left would fill the empty one little by little.
    if (name === "empty") await stack.client.query("truncate request, event, attempt");
    const maxUnderWay = Math.max(8, Math.ceil(MAX_UNDER_WAY / fanOut / (bodyBytes / 1024)));
    const input = {
      ...{ target: targetAt(stack.gateway.url, paths[0] ?? ""), paths, fanOut, bodyBytes },
      // One that idles is closed.
      ...{ connections: Math.min(CONNECTIONS, maxUnderWay), maxUnderWay, warmUpSeconds: 0 },
    };
    // Roles that rested meanwhile have given back memory and connections, those of the look before have not.
    await checkedFlow(bench, stack, { ...input, seconds: WARM_UP_SECONDS });
    const [before, startedAt] = [await used(), performance.now()];
    const result = await checkedFlow(bench, stack, { ...input, seconds });
    const us = (((await used()) - before) * 1e6) / result.received;
    // Until the last of them is recorded: what is on its way when the time is over comes as well.
    looks.get(name)?.push({ perSecond: (result.received / (performance.now() - startedAt)) * 1_000, us });
    return us;
  };
  for (const [name, each] of cases) {
    bench.say(`a first look: ${name}`);
    await look(name, each, 1);
  }
  for (const list of looks.values()) list.length = 0;
  const seconds = bench.isQuick ? 2 : 3;
  await interleave(
    roundsOf(bench, 6, 2),
    Object.fromEntries([...cases].map(([name, each]) => [name, () => look(name, each, seconds)])),
  );
  const base = looks.get("empty") ?? [];
  return [...looks].flatMap(([name, list]) => {
    const of = (side: keyof Look) => list.map((each, round) => each[side] / (base[round]?.[side] ?? Number.NaN));
    const us = median(list.map((each) => each.us));
    return figuresOf(name, of("perSecond"), of("us"), us, cases.get(name)?.stored);
  });
}

/** Of the roles at this database: what Postgres does by itself is for all of them, and comes when it comes. */
async function connectionPids({ client }: Stack): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  return rows.map(({ pid }) => pid);
}

/** Bodies lie on one curve, stored events on another; what is no amount of one thing lies on none. */
function figuresOf(name: string, rates: number[], costs: number[], us: number, stored: number | undefined): Figure[] {
  const kilo = /bodies of (\d+) KB/.exec(name)?.[1];
  const onCurve = (line: string): Pick<Figure, "point"> => {
    if (kilo !== undefined) return { point: { chart: "bodies", line, x: Number(kilo) } };
    return stored === undefined ? {} : { point: { chart: "stored", line, x: stored } };
  };
  const figure = { section: "growth" as const, unit: "ratio" as const, bar: null };
  if (name === "empty") {
    const detail =
      "an empty database, one source, one destination, bodies of 1 KB; what all the others are compared with";
    return [{ ...figure, unit: "us", name: "processor time of a delivery over the whole path", value: us, detail }];
  }
  return [
    {
      ...figure,
      ...onCurve("throughput"),
      name: `throughput with ${name} / empty`,
      value: median(rates),
      bar: stored === 5 * MILLION ? { kind: "at least", limit: 0.9 } : null,
      detail: listRounds(rates),
    },
    {
      ...figure,
      ...onCurve("processor time"),
      name: `processor time of a delivery with ${name} / empty`,
      value: median(costs),
      detail: `${us.toFixed(0)} us; ${listRounds(costs)}`,
    },
  ];
}
