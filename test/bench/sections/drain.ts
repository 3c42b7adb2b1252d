// Many events that fall due at one instant: whether the last of them go out as fast as the first.
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { type Figure, perSecond } from "#test/bench/report.ts";
import { residentMiB } from "#test/bench/resident-memory.ts";
import { countDelivered, queueDue } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { type Bench, type Look, lookFor, type RunSection, startStack, untilRecorded } from "./section.ts";

const DESTINATIONS = 4;
const WARM_UP = 8_000;
/** For each look: a machine that is slower than some 800 events a second is too busy for figures. */
const PATIENCE_MS_PER_EVENT = 1;
const TENTHS = 10;
/** What a worker may hold when a backlog has gone out, as a multiple of what it held after the warm-up. */
const MAX_MEMORY_RATIO = 2;

export const measureDrain: RunSection = async (bench) => {
  const { figure } = await drainDue(bench, "drain", bench.isQuick ? 20_000 : 100_000);
  return [figure];
};

/** The same of a backlog of a long outage, and whether the worker grows with it. */
export const measureDeepDrain: RunSection = async (bench) => {
  const { figure, memoryMiB } = await drainDue(bench, "deep-drain", bench.isQuick ? 50_000 : 1_000_000);
  const [before, most] = [memoryMiB[0] ?? Number.NaN, Math.max(...memoryMiB)];
  return [
    figure,
    {
      section: "deep-drain",
      name: "memory of the worker while it drains / before",
      value: most / before,
      unit: "ratio",
      bar: { kind: "at most", limit: MAX_MEMORY_RATIO },
      detail: `after each tenth ${memoryMiB.map((each) => each.toFixed(0)).join(" ")} MiB`,
    },
  ];
};

interface Drained {
  figure: Figure;
  /** Of the worker: at the start, and after each tenth. */
  memoryMiB: number[];
}

async function drainDue(bench: Bench, section: "drain" | "deep-drain", count: number): Promise<Drained> {
  await using stack = await startStack(bench, `bench_${section.replace("-", "_")}`, (databaseUrl) =>
    wire(databaseUrl, { receiverPort: bench.receiverPort, fanOut: DESTINATIONS, source: { name: "due" } }),
  );
  const { client, prepared: wiring, worker } = stack;

  /** Looks at the start and after each tenth. */
  const drain = async (events: number) => {
    const recorded = await countDelivered(client);
    await queueDue(client, wiring, events, Date.now());
    await client.query(wakeLanesStatement(wiring.branches.map(({ destinationId }) => destinationId)));
    const looks: Look[] = [{ recorded, atMs: performance.now() }];
    const memoryMiB = [await residentMiB(worker.pid)];
    for (let tenth = 1; tenth <= TENTHS; tenth++) {
      looks.push(await lookFor(client, recorded + (events * tenth) / TENTHS, events * PATIENCE_MS_PER_EVENT));
      memoryMiB.push(await residentMiB(worker.pid));
    }
    await untilRecorded(client, recorded + events);
    return { looks, memoryMiB };
  };
  await drain(WARM_UP);
  const { looks, memoryMiB } = await drain(count);
  const tenths = looks.slice(1).map((look, index) => rateBetween(looks[index] ?? look, look));
  const [early = Number.NaN, late = Number.NaN] = [tenths[0], tenths[TENTHS - 1]];
  const all = rateBetween(looks[0] as Look, looks[TENTHS] as Look);
  return {
    figure: {
      section,
      name: `last tenth of ${count / 1_000} k due at one instant / first tenth`,
      value: late / early,
      unit: "ratio",
      bar: { kind: "at least", limit: 0.8 },
      detail: `${perSecond(late)} against ${perSecond(early)}; all of them ${perSecond(all)}; tenths ${tenths.map((rate) => Math.round(rate)).join(" ")}`,
    },
    memoryMiB,
  };
}

const rateBetween = (from: Look, to: Look) => (to.recorded - from.recorded) / ((to.atMs - from.atMs) / 1000);
