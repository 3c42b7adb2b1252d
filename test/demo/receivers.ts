import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

/** One delivery as the receiver saw it. */
export interface Receipt {
  eventId: string;
  bodyHash: string;
  status: number;
}

export interface Receiver {
  name: string;
  url: string;
  receipts: Receipt[];
  close(): Promise<void>;
}

export const hashBody = (body: Buffer | string) => createHash("sha256").update(body).digest("hex");

const SLOW_MS = 800;

/** How each of the three behaves: the status it answers its n-th delivery with, counted from 1, and how long it takes. */
const MANNERS = [
  { name: "healthy", statusOf: () => 200, delayMs: 0 },
  { name: "one-in-three-fails", statusOf: (n: number) => (n % 3 === 0 ? 503 : 200), delayMs: 0 },
  { name: "slow", statusOf: () => 200, delayMs: SLOW_MS },
];

async function startReceiver({ name, statusOf, delayMs }: (typeof MANNERS)[number]): Promise<Receiver> {
  const receipts: Receipt[] = [];
  let deliveries = 0;

  async function receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req);
    const status = statusOf(++deliveries);
    if (delayMs > 0) await wait(delayMs);
    receipts.push({ eventId: String(req.headers["webhook-id"]), bodyHash: hashBody(body), status });
    res.writeHead(status, { "content-type": "text/plain" }).end(status === 200 ? "ok" : "try again");
  }

  const server = createServer((req, res) => void receive(req, res).catch(() => res.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    name,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    receipts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Three receivers on loopback: one healthy, one that fails every third time, one slow. */
export const startReceivers = () => Promise.all(MANNERS.map(startReceiver));
