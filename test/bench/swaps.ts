// A source whose connections change places again and again, all of them by one call of the API, while requests come in.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Received, type Sent, type Swap, TAKERS, takerOf } from "./one-config.ts";

/** A call that changes several connections at once takes longer than a tenth of a second where much else runs, so small ones keep the rate. */
const CHANGES_PER_SECOND = 10;
const SWAPS_PER_SECOND = 5;
const REQUESTS_PER_SECOND = 25;
const RECEIPT_PATIENCE_MS = 15_000;

export interface SwapLog {
  swaps: Swap[];
  sent: Sent[];
  received: Received[];
  /** Changes of one connection, beside the swaps. */
  changes: number;
  /** For so long it went on. */
  seconds: number;
  /** Until the answer to a swap. Milliseconds. */
  tookMs: number[];
}

/** As a flow: each connection takes the kind that change `number` gives it. */
const flowOf = (port: number, number: number) =>
  JSON.stringify({
    apiVersion: "switchyard.dev/v1",
    kind: "DeliveryFlow",
    metadata: { name: "swapped" },
    spec: {
      source: { name: "swapped" },
      destinations: Array.from({ length: TAKERS }, (_, kind) => kind).map((kind) => ({
        name: `taker-${takerOf(kind, number)}`,
        url: `http://127.0.0.1:${port}/${takerOf(kind, number)}`,
        filter: { body: { kind } },
      })),
    },
  });

export interface Swaps {
  /** Changes and sends for so long, then waits for what is still to come. */
  run(seconds: number): Promise<SwapLog>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Applies the flow for the first time. @param key of the API, which may write */
export async function startSwaps(gatewayUrl: string, key: string): Promise<Swaps> {
  let received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { n } = JSON.parse(Buffer.concat(chunks).toString()) as { n: number };
      received.push({ n, connection: Number(request.url?.slice(1)), atMs: performance.now() });
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let number = 0;

  const call = async (path: string, body?: object, method = body ? "POST" : "GET") => {
    const answer = await fetch(`${gatewayUrl}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
  const swap = async (): Promise<Swap> => {
    const startedMs = performance.now();
    await call("/flows/apply", { text: flowOf(port, number) });
    return { startedMs, answeredMs: performance.now() };
  };
  const first = await swap();
  const { data } = await call("/sources?name=swapped");
  const path = new URL(data[0].url).pathname;
  const connections: { id: string; name: string }[] = (await call("/connections?limit=100")).data;
  const changed = connections.find(({ name }) => !name.startsWith("swapped"));

  return {
    async run(seconds) {
      const base = number;
      received = [];
      const swaps: Swap[] = [first];
      const sent: Sent[] = [];
      const answers: Promise<unknown>[] = [];
      const endMs = performance.now() + seconds * 1_000;
      const changing = everyMs(1_000 / SWAPS_PER_SECOND, endMs, async () => {
        number++;
        const place = swaps.push({ startedMs: performance.now(), answeredMs: Number.POSITIVE_INFINITY }) - 1;
        swaps[place] = await swap();
      });
      let changes = 0;
      const changingOne = everyMs(1_000 / CHANGES_PER_SECOND, endMs, async () => {
        await call(`/connections/${changed?.id}`, { description: `change ${++changes}` }, "PATCH");
      });
      const sending = everyMs(1_000 / REQUESTS_PER_SECOND, endMs, async () => {
        const n = sent.length;
        const kind = n % TAKERS;
        // The log counts changes from its own first.
        sent.push({ kind: takerOf(kind, base), sentMs: performance.now() });
        answers.push(post(`${gatewayUrl}${path}`, { n, kind }));
      });
      await Promise.all([changing, changingOne, sending]);
      await Promise.all(answers);
      const deadline = performance.now() + RECEIPT_PATIENCE_MS;
      while (new Set(received.map(({ n }) => n)).size < sent.length && performance.now() < deadline) await sleep(50);
      // A second taker would come no later than the first by more than this.
      await sleep(1_000);
      return {
        swaps,
        sent,
        received,
        changes,
        seconds,
        tookMs: swaps.slice(1).map(({ startedMs, answeredMs }) => answeredMs - startedMs),
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The door answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** As often as it is due; what takes longer than its turn is followed at once. */
async function everyMs(ms: number, endMs: number, work: () => Promise<void>): Promise<void> {
  for (let dueMs = performance.now(); performance.now() < endMs; dueMs += ms) {
    await sleep(Math.max(0, dueMs - performance.now()));
    await work();
  }
}
