// What gateway, worker and Postgres hold together, with nothing to do and at the peak of a burst. Shared pages count once: Linux's
// Pss splits them among those that share them.

import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf, sum } from "#test/bench/processor-time.ts";
import type { Figure } from "#test/bench/report.ts";
import { proportionalMiB } from "#test/bench/resident-memory.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, startStack, untilRecorded } from "./section.ts";

const SETTLE_MS = 12_000;
const BURST = 10_000;
const LOOK_MS = 250;

export async function measureMemory(bench: Bench): Promise<Figure[]> {
  const { instance, load, receiverPort } = bench;
  await using stack = await startStack(bench, "bench_memory", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "one" } }),
  );
  const parts = async () => {
    const postgres = [instance.postgresPid, ...(await childrenOf(instance.postgresPid))];
    const groups = [[stack.gateway.pid], [stack.worker.pid], postgres];
    return Promise.all(groups.map(async (pids) => sum(await Promise.all(pids.map(proportionalMiB)))));
  };
  await sleep(SETTLE_MS);
  const idle = await parts();
  let peak = idle;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const now = await parts();
      if (sum(now) > sum(peak)) peak = now;
      await sleep(LOOK_MS);
    }
  })();
  const target = targetAt(stack.gateway.url, stack.prepared.path);
  const input = { target, payload: { kind: "plain" as const }, connections: CONNECTIONS, warmUpSeconds: 0 };
  const { answers } = await load.call("hammer", { ...input, seconds: 60, count: BURST });
  await untilRecorded(stack.client, answers);
  isOver = true;
  await watching;
  const figure = (name: string, values: readonly number[]): Figure => ({
    section: "memory",
    name,
    value: sum([...values]),
    unit: "MiB",
    bar: null,
    detail: `gateway ${values[0]?.toFixed(0)}, worker ${values[1]?.toFixed(0)}, Postgres ${values[2]?.toFixed(0)}`,
  });
  return [
    figure("memory with nothing to do, Postgres with it", idle),
    figure(`memory at the peak of a burst of ${BURST.toLocaleString("en")} events`, peak),
  ];
}
