// A healthy receiver: takes any request, answers 200 at once, and says how many came and when.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { makeFramer, readSequence } from "./wire.ts";

export interface Receiver {
  port: number;
  received(): number;
  /** Called for each request with the number in its body; one listener at a time. */
  onReceipt(listener: ((sequence: number) => void) | null): void;
}

const OK = Buffer.from("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok", "latin1");

export async function startReceiver(): Promise<Receiver> {
  let count = 0;
  let listener: ((sequence: number) => void) | null = null;
  const server = createServer({ noDelay: true }, (socket) => {
    const read = makeFramer((bytes, { bodyAt }) => {
      count++;
      socket.write(OK);
      listener?.(readSequence(bytes, bodyAt));
    });
    socket.on("data", read);
    // A sender that stops resets what it no longer needs.
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    received: () => count,
    onReceipt: (next) => {
      listener = next;
    },
  };
}
