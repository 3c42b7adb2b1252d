// A thousand receivers that are dead, each at a port of its own, and when each of them was tried.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Try } from "#test/bench/probe-pace.ts";
import { serveParent } from "#test/bench/remote.ts";

const REFUSAL = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

const PROBE = "\r\nx-switchyard-trigger: probe\r\n";

/** With the head of a try in hand. Each connection takes one try. */
const WAYS_TO_BE_DEAD: ((socket: Socket) => void)[] = [
  (socket) => void socket.end(REFUSAL),
  (socket) => void socket.resetAndDestroy(),
  (socket) => void socket.once("end", () => socket.destroy()),
];

/** By receiver; milliseconds of this process's clock. */
const tries: Try[][] = [];

async function listen(index: number): Promise<number> {
  const seen: Try[] = [];
  tries[index] = seen;
  const die = WAYS_TO_BE_DEAD[index % WAYS_TO_BE_DEAD.length];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    // The head fits in the first packet.
    socket.once("data", (bytes: Buffer) => {
      seen.push({ atMs: performance.now(), isProbe: bytes.toString("latin1").toLowerCase().includes(PROBE) });
      socket.resume();
      die?.(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const calls = {
  /** The ports of so many: by turns one refuses, one resets and one is silent. */
  listen: (count: number) => Promise.all(Array.from({ length: count }, (_, index) => listen(index))),
  tries: async (_: null) => tries,
};
export type DeadCalls = typeof calls;

serveParent(calls);
