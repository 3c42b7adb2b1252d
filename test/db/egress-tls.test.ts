import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { at, openEgress } from "#test/support/egress.ts";
import { selfSigned } from "#test/support/self-signed-certificate.ts";
import { startWireServer } from "#test/support/wire-server.ts";

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise(setImmediate);
};

describe("TLS", () => {
  test("a certificate nobody vouches for is a TLS_ERROR, and the request is not sent", async () => {
    let requests = 0;
    await using server = await startTlsServer(() => {
      requests += 1;
    });
    expect(await openEgress().post(server.url)).toMatchObject({ kind: "error", code: "TLS_ERROR" });
    expect(requests).toBe(0);
  });

  test("a trusted certificate of the name is accepted at the resolved address, one of another name is not", async () => {
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, selfSigned.cert]);
    try {
      const names: (string | false | undefined)[] = [];
      await using server = await startTlsServer((name) => names.push(name));
      const egress = openEgress({ resolve: async () => at("127.0.0.1") });
      expect(await egress.post(new URL(`https://localhost:${server.url.port}/`))).toMatchObject({
        kind: "response",
        status: 200,
      });
      expect(names).toEqual(["localhost"]);
      expect(await egress.post(server.url)).toMatchObject({ kind: "response", status: 200 });
      expect(await egress.post(new URL(`https://other.example:${server.url.port}/`))).toMatchObject({
        code: "TLS_ERROR",
      });
    } finally {
      setDefaultCACertificates(trusted);
    }
  });

  test("a server that speaks no TLS is a TLS_ERROR", async () => {
    await using server = await startWireServer(() => {});
    const answer = openEgress().post(new URL(server.url.href.replace("http:", "https:")));
    await until(() => server.openSockets.size === 1);
    for (const socket of server.openSockets) socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    expect(await answer).toMatchObject({ kind: "error", code: "TLS_ERROR" });
  });

  test("a handshake that is never answered is a TIMEOUT, of the connection or of the attempt, and its socket is closed", async () => {
    await using server = await startWireServer(() => {});
    const url = new URL(server.url.href.replace("http:", "https:"));
    const early = await openEgress({ connectTimeoutMs: 100 }).post(url);
    expect(early).toMatchObject({ kind: "error", code: "TIMEOUT" });
    expect(early.latencyMs).toBeLessThan(1000);
    expect(await openEgress().post(url, { timeoutMs: 100 })).toMatchObject({ kind: "error", code: "TIMEOUT" });
    await until(() => server.openSockets.size === 0);
  });
});

/** An HTTPS server for localhost; `onRequest` gets the server name the client asked for. */
async function startTlsServer(onRequest: (servername: string | false | undefined) => void) {
  const server: Server = createServer(selfSigned, (request, response) => {
    onRequest("servername" in request.socket ? (request.socket.servername as string | false) : undefined);
    request.resume().on("end", () => response.end("ok"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
