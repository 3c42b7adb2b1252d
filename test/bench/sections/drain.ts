// Many events that fall due at one instant: whether the last of them go out as fast as the first.
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { type Figure, perSecond } from "#test/bench/report.ts";
import { countDelivered, queueDue } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { type Bench, type Look, lookFor, startStack, untilRecorded } from "./section.ts";

const DESTINATIONS = 4;
const WARM_UP = 8_000;
/** For each look: a machine that is slower than some 800 events a second is too busy for figures. */
const PATIENCE_MS_PER_EVENT = 1;

export async function measureDrain(bench: Bench): Promise<Figure[]> {
  const count = bench.isQuick ? 20_000 : 100_000;
  await using stack = await startStack(bench, "bench_drain", (databaseUrl) =>
    wire(databaseUrl, { receiverPort: bench.receiverPort, fanOut: DESTINATIONS, source: { name: "due" } }),
  );
  const { client, prepared: wiring } = stack;

  /** Looks at the start, after the first tenth, before the last, and at the end. */
  const drain = async (events: number): Promise<[Look, Look, Look, Look]> => {
    const recorded = await countDelivered(client);
    await queueDue(client, wiring, events, Date.now());
    await client.query(wakeLanesStatement(wiring.branches.map(({ destinationId }) => destinationId)));
    const start = { recorded, atMs: performance.now() };
    const patienceMs = events * PATIENCE_MS_PER_EVENT;
    const first = await lookFor(client, recorded + events * 0.1, patienceMs);
    const last = await lookFor(client, recorded + events * 0.9, patienceMs);
    return [start, first, last, await untilRecorded(client, recorded + events)];
  };
  await drain(WARM_UP);
  const [start, first, last, end] = await drain(count);
  const [early, late, all] = [rateBetween(start, first), rateBetween(last, end), rateBetween(start, end)];
  return [
    {
      section: "drain",
      name: `last tenth of ${count / 1_000} k due at one instant / first tenth`,
      value: late / early,
      unit: "ratio",
      bar: { kind: "at least", limit: 0.8 },
      detail: `${perSecond(late)} against ${perSecond(early)}; all of them ${perSecond(all)}`,
    },
  ];
}

const rateBetween = (from: Look, to: Look) => (to.recorded - from.recorded) / ((to.atMs - from.atMs) / 1000);
