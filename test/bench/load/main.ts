// The generator and the receiver, in one process of their own and by one clock.
import { setTimeout as sleep } from "node:timers/promises";
import { serveParent } from "#test/bench/remote.ts";
import { flow, type HammerInput, hammer, type PathInput } from "./closed-loop.ts";
import { arrive, type OpenLoopInput } from "./open-loop.ts";
import { startReceiver } from "./receiver.ts";

const receiving = startReceiver();

export interface ReceiptsInput {
  /** Requests to wait for, from now on. */
  count: number;
  /** The first of them are not measured: connections open and code warms up. */
  skip: number;
  patienceSeconds: number;
}

const calls = {
  receiverPort: async (_: null) => (await receiving).port,
  received: async (_: null) => (await receiving).received(),
  hammer: (input: HammerInput) => hammer(input),
  flow: async (input: PathInput) => flow(await receiving, input),
  arrive: async (input: OpenLoopInput) => arrive(await receiving, input),
  /** When number `skip` and number `count` came, in milliseconds since the epoch. */
  async receipts({ count, skip, patienceSeconds }: ReceiptsInput): Promise<{ fromMs: number; toMs: number }> {
    const receiver = await receiving;
    let seen = 0;
    let [fromMs, toMs] = [0, 0];
    receiver.onReceipt(() => {
      seen++;
      if (seen === skip) fromMs = Date.now();
      if (seen === count) toMs = Date.now();
    });
    const deadline = performance.now() + patienceSeconds * 1000;
    while (toMs === 0 && performance.now() < deadline) await sleep(10);
    receiver.onReceipt(null);
    if (toMs === 0) throw new Error(`Only ${seen} of ${count} requests arrived within ${patienceSeconds} s.`);
    return { fromMs, toMs };
  },
};
export type LoadCalls = typeof calls;

serveParent(calls);
