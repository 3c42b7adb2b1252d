// Ports for processes that are told their port before they listen, while other files do the same.
import { once } from "node:events";
import { createServer } from "node:net";

/** Below what systems hand out by themselves, so no connection of another test takes one between its choice and its use. */
const FIRST = 12_000;
const COUNT = 18_000;
/** Test processes that run at once have neighbouring numbers, and begin this far from each other. */
const STRIDE = 97;

let next = process.pid * STRIDE;

/** A port of loopback that nobody listens on, and that no other call gives. */
export async function takePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next++ % COUNT);
    const server = createServer().listen({ host: "127.0.0.1", port, exclusive: true });
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
