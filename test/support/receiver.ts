// A real receiver on loopback that keeps what arrived and answers as it is told.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Receipt {
  atMs: number;
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export interface Receiver {
  url: string;
  receipts: Receipt[];
  /** Resolves when at least `count` requests have arrived in all. */
  received(count: number, patienceMs?: number): Promise<Receipt[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

type Answer = { status?: number; headers?: Record<string, string>; body?: string } | "hang";

/** @param answer a fixed answer, or one per receipt; "hang" never answers */
export async function startReceiver(
  answer: Answer | ((receipt: Receipt, index: number) => Answer | Promise<Answer>) = {},
): Promise<Receiver> {
  const receipts: Receipt[] = [];
  const waiters = new Set<() => void>();

  async function respond(request: IncomingMessage, response: ServerResponse, body: Buffer, atMs: number) {
    const receipt = { atMs, method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    const index = receipts.push(receipt) - 1;
    for (const waiter of waiters) waiter();
    const chosen = typeof answer === "function" ? await answer(receipt, index) : answer;
    if (chosen === "hang") return;
    response.writeHead(chosen.status ?? 200, chosen.headers ?? {}).end(chosen.body ?? "ok");
  }

  const server = createServer((request, response) => {
    const atMs = Date.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void respond(request, response, Buffer.concat(chunks), atMs));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/hook`,
    receipts,
    received(count, patienceMs = 15_000) {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (receipts.length < count) return;
          clearTimeout(timer);
          waiters.delete(check);
          resolve(receipts);
        };
        const timer = setTimeout(() => {
          waiters.delete(check);
          reject(new Error(`Only ${receipts.length} of ${count} requests arrived within ${patienceMs} ms.`));
        }, patienceMs);
        waiters.add(check);
        check();
      });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A receiver that answers when it is told to. */
export async function startGate(): Promise<Receiver & { open: () => void }> {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const receiver = await startReceiver(() => gate.then(() => ({})));
  return { ...receiver, open };
}
