// A long pause, and then everything that was held goes out: how fast, with an order by key and without, and what another
// destination's events take meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenLoopResult } from "#test/bench/load/open-loop.ts";
import { type Figure, perSecond } from "#test/bench/report.ts";
import { targetAt, type Wiring, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, type Stack, startStack } from "./section.ts";

const KEYS = 1_000;
const CALM_PER_SECOND = 40;
const HOLD_PATIENCE_MS = 120_000;
const DRAIN_PATIENCE_MS = 180_000;

export async function measureHeld(bench: Bench): Promise<Figure[]> {
  const { load, receiverPort, isQuick } = bench;
  const count = isQuick ? 20_000 : 100_000;
  const heldPort = await bench.bareServer.call("port", null);
  const to = { ordering: "by_key", ordering_key: "body.key" } as const;
  await using stack = await startStack(bench, "bench_held", async (databaseUrl) => ({
    calm: await wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "calm" } }),
    free: await wire(databaseUrl, { receiverPort: heldPort, fanOut: 1, source: { name: "free" } }),
    keyed: await wire(databaseUrl, { receiverPort: heldPort, fanOut: 1, source: { name: "keyed" }, to }),
  }));
  const { calm, free, keyed } = stack.prepared;
  const look = (seconds: number) =>
    load.call("arrive", {
      target: targetAt(stack.gateway.url, calm.path),
      ratePerSecond: CALM_PER_SECOND,
      ...{ warmUpSeconds: 1, seconds, connections: 64 },
    });
  await look(2);
  const before = await look(8);
  await hold(bench, stack, free, count);
  const looks = async () => [await look(isQuick ? 4 : 12), await look(isQuick ? 4 : 12)] as const;
  const [rate, [early, late]] = await Promise.all([drain(stack, free), looks()]);
  await hold(bench, stack, keyed, count);
  const keyedRate = await drain(stack, keyed);
  const tell = ({ total, toReceiver }: OpenLoopResult) =>
    `p99 ${total.p99.toFixed(0)} ms, of it ${toReceiver.p99.toFixed(0)} behind the answer`;
  return [
    {
      section: "held",
      name: `p99 of another destination while ${count / 1_000} k held events drain`,
      value: late.received + early.received < late.sent + early.sent ? Number.NaN : late.total.p99,
      unit: "ms",
      bar: { kind: "at most", limit: 1_000 },
      detail: `before ${tell(before)}; at first ${tell(early)}; later ${tell(late)}; it drained at ${perSecond(rate)}`,
    },
    {
      section: "held",
      name: `held events in order over ${KEYS.toLocaleString("en")} keys / without an order`,
      value: keyedRate / rate,
      unit: "ratio",
      bar: null,
      detail: `${perSecond(keyedRate)} against ${perSecond(rate)} with ${CALM_PER_SECOND}/s beside it`,
    },
  ];
}

const countOf = async ({ client }: Stack, { branches }: Wiring, status: string): Promise<number> => {
  const text = "select count(*)::int as n from event where connection_id = $1 and status = $2";
  return (await client.query(text, [branches[0]?.connectionId, status])).rows[0].n;
};

async function until(isSo: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Still not so after ${patienceMs / 1_000} s.`);
    await sleep(200);
  }
}

/** Pauses the connection and sends until so many events are held, all of those that were sent. */
async function hold({ load }: Bench, stack: Stack, wiring: Wiring, count: number): Promise<void> {
  await stack.client.query("update connection set paused_at = now() where id = $1", [wiring.branches[0]?.connectionId]);
  const target = targetAt(stack.gateway.url, wiring.path);
  const payload = { kind: "keyed", keys: KEYS } as const;
  const requests = async () =>
    (await stack.client.query("select count(*)::int as n from request where source_id = $1", [wiring.sourceId])).rows[0]
      .n;
  await until(async () => {
    await load.call("hammer", { target, payload, connections: CONNECTIONS, warmUpSeconds: 0, seconds: 4 });
    return (await requests()) >= count;
  }, HOLD_PATIENCE_MS);
  const sent = await requests();
  await until(async () => (await countOf(stack, wiring, "HOLD")) === sent, HOLD_PATIENCE_MS);
}

/** Ends the pause. Resolves to how many were delivered a second, from the first to the last. */
async function drain(stack: Stack, wiring: Wiring): Promise<number> {
  const held = await countOf(stack, wiring, "HOLD");
  await stack.client.query("update connection set paused_at = null where id = $1", [wiring.branches[0]?.connectionId]);
  const delivered = () => countOf(stack, wiring, "DELIVERED");
  await until(async () => (await delivered()) > 0, DRAIN_PATIENCE_MS);
  const startedAt = performance.now();
  await until(async () => (await delivered()) === held, DRAIN_PATIENCE_MS);
  return held / ((performance.now() - startedAt) / 1_000);
}
