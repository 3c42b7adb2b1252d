// A TCP server on loopback whose answers are written byte by byte: for everything a well-behaved HTTP server cannot do.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface WireServer extends AsyncDisposable {
  url: URL;
  /** Each request as it came: head and body, Latin-1. */
  received: string[];
  /** Sockets accepted so far. */
  connections(): number;
  /** Sockets open now. */
  openSockets: Set<Socket>;
}

/** `answer` is called when a request is complete (head, and as many body bytes as its Content-Length says). `number` counts from 1. */
export async function startWireServer(answer: (socket: Socket, number: number) => void): Promise<WireServer> {
  const received: string[] = [];
  const openSockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    openSockets.add(socket);
    socket.on("close", () => openSockets.delete(socket)).on("error", () => {});
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      text += chunk;
      const headEnd = text.indexOf("\r\n\r\n");
      if (headEnd === -1) return;
      const bodyBytes = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < headEnd + 4 + bodyBytes) return;
      received.push(text);
      text = "";
      answer(socket, received.length);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/hook`),
    received,
    connections: () => connections,
    openSockets,
    async [Symbol.asyncDispose]() {
      for (const socket of openSockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
