// What the door is compared with: node:http, nothing else. Reads the body and answers in the door's own words.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "#test/bench/remote.ts";

const ANSWER = '{"ok":true,"request_id":"req_01KAN4W8Y8000000000000000000"}';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    response.writeHead(body.length > 0 ? 200 : 400, {
      "content-type": "application/json",
      "content-length": ANSWER.length,
    });
    response.end(ANSWER);
  });
});
server.listen(0, "127.0.0.1");
const listening = once(server, "listening");

const calls = {
  port: async (_: null) => {
    await listening;
    return (server.address() as AddressInfo).port;
  },
};
export type BareServerCalls = typeof calls;

serveParent(calls);
