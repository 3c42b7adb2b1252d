// Runs of events with keys to receivers that fail, each with numbers of its own, as a checker sees them that knows what was sent and
// what arrived, and nothing else.
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { retryEvent } from "#server/resources/events.ts";
import { makeBranch } from "./branch.ts";
import { startReceiver } from "./receiver.ts";
import { seeded } from "./seeded.ts";
import { eventually, type World } from "./world.ts";

/** Of one run. */
const ORDERED_EVENTS = 15;
const KEYS = 3;

export interface Sent {
  key: string;
  n: number;
}

/** The places where a receiver got an event of a key before one that was sent earlier. A repeat of the last one is none. */
export function overtakings(receipts: readonly Sent[]): string[] {
  const last = new Map<string, number>();
  return receipts.flatMap(({ key, n }) => {
    const before = last.get(key) ?? -1;
    last.set(key, n);
    return n === before || n > before ? [] : [`${key}: ${n} after ${before}`];
  });
}

export type OrderRun = Awaited<ReturnType<typeof startOrderRun>>;

type OnReceipt = (random: () => number) => Promise<void>;

/** @param onReceipt awaited before a receiver answers; its random numbers are those of the run */
export async function startOrderRuns(world: World, count: number, onReceipt?: OnReceipt): Promise<OrderRun[]> {
  const runs: OrderRun[] = [];
  for (let seed = 1; seed <= count; seed++) runs.push(await startOrderRun(world, seed, onReceipt));
  return runs;
}

async function startOrderRun(world: World, seed: number, onReceipt?: OnReceipt) {
  const random = seeded(seed);
  const receiver = await startReceiver(async () => {
    await onReceipt?.(random);
    return { status: random() < 0.05 ? 500 : 200 };
  });
  const branch = await makeBranch(world, {
    to: { url: receiver.url, ordering: "by_key", ordering_key: "body.key", breaker: { mode: "off" } },
    rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 50 }],
  });
  const sent = Array.from({ length: ORDERED_EVENTS }, (_, n): Sent => ({ key: `k${Math.floor(random() * KEYS)}`, n }));
  const pausesAt = Math.floor(random() * ORDERED_EVENTS);
  async function send() {
    for (const event of sent) {
      if (event.n === pausesAt) await pauseConnection(world.ctx, { id: branch.id });
      await branch.send(event);
    }
    await unpauseConnection(world.ctx, { id: branch.id });
  }
  async function replay() {
    const events = await world.events(branch.id);
    const asTheyCame = events.toSorted((a, b) => (a.request_id < b.request_id ? -1 : 1));
    for (const { id } of asTheyCame) await retryEvent(world.ctx, { id });
  }
  const arrived = (from = 0) => receiver.receipts.slice(from).map(({ body }): Sent => JSON.parse(String(body)));
  return { receiver, send, replay, arrived };
}

/** Sends all and replays all, in a world without other events. Resolves to what overtook, and to how many never came. */
export async function playOrderRuns(world: World, runs: readonly OrderRun[], patienceMs: number) {
  const found = { overtakings: [] as string[], missing: 0 };
  const look = async (from: readonly number[]) => {
    await eventually(
      () => world.all<{ status: string }>("select status from event"),
      (events) =>
        events.length === runs.length * ORDERED_EVENTS && events.every(({ status }) => status === "DELIVERED"),
      patienceMs,
    );
    for (const [at, { arrived }] of runs.entries()) {
      found.overtakings.push(...overtakings(arrived(from[at])));
      found.missing += ORDERED_EVENTS - new Set(arrived(from[at]).map(({ n }) => n)).size;
    }
  };
  await Promise.all(runs.map(({ send }) => send()));
  await look(runs.map(() => 0));
  const before = runs.map(({ receiver }) => receiver.receipts.length);
  await Promise.all(runs.map(({ replay }) => replay()));
  await look(before);
  return found;
}
