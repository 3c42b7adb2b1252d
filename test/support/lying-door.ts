// A way in that has bugs: it answers for requests that it throws away, and sends others on twice.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Every so many requests. */
const LOST_EVERY = 15;
const DOUBLED_EVERY = 17;

/** @param url of the gateway behind it */
export async function startLyingDoor(url: string) {
  let count = 0;
  const told = { lost: 0, doubled: 0 };

  async function pass(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
    const send = () =>
      fetch(`${url}${request.url}`, { method: "POST", headers: headers as Record<string, string>, body });
    count++;
    if (count % LOST_EVERY === 0) {
      told.lost++;
      return response.end(JSON.stringify({ ok: true, request_id: `req_of_nobody_${count}` }));
    }
    if (count % DOUBLED_EVERY === 0) {
      told.doubled++;
      await send();
    }
    const answer = await send();
    response.writeHead(answer.status).end(await answer.text());
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
