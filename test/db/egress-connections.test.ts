import { describe, expect, test } from "vitest";
import { at, named, openEgress } from "#test/support/egress.ts";
import { startWireServer } from "#test/support/wire-server.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise(setImmediate);
};

describe("addresses", () => {
  test("a blocked literal is refused at send, whatever its spelling, and no socket is opened", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress({}, []);
    for (const host of [
      "127.0.0.1",
      "2130706433",
      "0x7f.1",
      "0177.0.0.1",
      "[::ffff:127.0.0.1]",
      "[::1]",
      "localhost",
      "127.0.0.1.",
    ]) {
      const outcome = await egress.post(named(host, server.url));
      expect([host, outcome]).toMatchObject([host, { kind: "error", code: "BLOCKED_ADDRESS" }]);
      expect(JSON.stringify({ ...outcome, latencyMs: 0 })).not.toContain("127");
    }
    expect(server.connections()).toBe(0);
  });

  test.each(["ftp://example.com/", "http://user:secret@example.com/", "http://example.com:22/"])(
    "%s is INVALID_URL at send",
    async (url) => {
      expect(await openEgress().post(new URL(url))).toMatchObject({ kind: "error", code: "INVALID_URL" });
    },
  );

  test("a good URL lets no other one pass that shares its origin or its host", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress();
    expect(await egress.post(server.url)).toMatchObject({ kind: "response", status: 200 });
    for (const url of [`blob:${server.url}`, `ftp://${server.url.host}/`, `http://user@${server.url.host}/`]) {
      expect([url, await egress.post(new URL(url))]).toMatchObject([url, { kind: "error", code: "INVALID_URL" }]);
    }
    expect(server.received).toHaveLength(1);
  });

  test("a name is connected at the address it resolved to, and Host stays the name", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress({ resolve: async () => at("127.0.0.1") });
    expect(await egress.post(named("receiver.example", server.url))).toMatchObject({ kind: "response", status: 200 });
    expect(server.received[0]).toContain(`host: receiver.example:${server.url.port}\r\n`);
  });

  test.each([
    ["a private address", at("10.0.0.1")],
    ["one allowed and one private address", at("127.0.0.1", "10.0.0.1")],
    ["an allowed address and a metadata address in IPv6 dress", at("127.0.0.1", "::ffff:169.254.169.254")],
  ])("a name with %s is refused, and no socket is opened", async (_, addresses) => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress({ resolve: async () => addresses });
    expect(await egress.post(named("mixed.example", server.url))).toMatchObject({ code: "BLOCKED_ADDRESS" });
    expect(server.connections()).toBe(0);
  });

  test("a name that turns private after its first answer is refused at the next connection", async () => {
    await using server = await startWireServer((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok`),
    );
    const answers = [at("127.0.0.1"), at("192.168.0.1")];
    const egress = openEgress({ resolve: async () => answers.shift() ?? [] });
    const url = named("rebinding.example", server.url);
    expect(await egress.post(url)).toMatchObject({ kind: "response", status: 200 });
    expect(await egress.post(url)).toMatchObject({ kind: "error", code: "BLOCKED_ADDRESS" });
    expect(await egress.post(url)).toMatchObject({ kind: "error", code: "DNS_LOOKUP_FAILED" });
    expect(server.connections()).toBe(1);
  });

  test("a name that does not resolve is DNS_LOOKUP_FAILED", async () => {
    const egress = openEgress({ resolve: () => Promise.reject(new Error("queryA ENOTFOUND secret.internal")) });
    expect(await egress.post(new URL("http://nowhere.example/"))).toMatchObject({ code: "DNS_LOOKUP_FAILED" });
  });

  test("a look-up that hangs is a TIMEOUT of the attempt", async () => {
    const egress = openEgress({ resolve: () => new Promise(() => {}) });
    expect(await egress.post(new URL("http://slow.example/"), { timeoutMs: 100 })).toMatchObject({ code: "TIMEOUT" });
    expect(egress.connectionCount()).toBe(0);
  });

  test("a burst to one name looks it up once", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    let lookups = 0;
    const resolve = async () => {
      lookups += 1;
      return at("127.0.0.1");
    };
    const egress = openEgress({ resolve });
    await Promise.all(Array.from({ length: 40 }, () => egress.post(named("burst.example", server.url))));
    expect(lookups).toBe(1);
    expect(server.connections()).toBe(40);
  });
});

describe("connections", () => {
  test("one connection serves requests that follow each other", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress();
    for (let i = 0; i < 20; i++) expect(await egress.post(server.url)).toMatchObject({ status: 200 });
    expect(server.connections()).toBe(1);
  });

  test("300 simultaneous requests are all on the wire at once", async () => {
    const waiting: (() => void)[] = [];
    await using server = await startWireServer((socket) => {
      waiting.push(() => socket.write(OK));
      if (waiting.length === 300) for (const answer of waiting) answer();
    });
    const egress = openEgress();
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => egress.post(server.url)));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(["response"]));
  });

  test("a connection the server closed while idle costs no request", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress();
    for (let i = 1; i <= 30; i++) {
      expect(await egress.post(server.url)).toMatchObject({ status: 200 });
      for (const socket of server.openSockets) i % 2 ? socket.end() : socket.resetAndDestroy();
      await until(() => egress.connectionCount() === 0);
    }
    expect(server.received).toHaveLength(30);
  });

  test("a server that closes after each answer without saying so costs one attempt at most, and sees nothing twice", async () => {
    await using server = await startWireServer((socket) => socket.end(OK));
    const egress = openEgress();
    const outcomes = [];
    for (let i = 0; i < 100; i++) outcomes.push(await egress.post(server.url, { headers: [["x-number", `${i}`]] }));
    expect(outcomes.filter((outcome) => outcome.kind === "error").length).toBeLessThanOrEqual(1);
    expect(new Set(server.received.map((text) => /x-number: \d+/.exec(text)?.[0])).size).toBe(server.received.length);
  });

  test("bytes a server sends unasked on an idle connection answer no later request", async () => {
    await using server = await startWireServer((socket, number) => {
      socket.write(number === 1 ? OK + OK.replace("200 OK", "500 No") : OK);
    });
    const egress = openEgress();
    await egress.post(server.url);
    expect(await egress.post(server.url)).toMatchObject({ kind: "response", status: 200 });
  });

  test("an idle connection is closed by us", { timeout: 15_000 }, async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress();
    await egress.post(server.url);
    expect(egress.connectionCount()).toBe(1);
    await until(() => server.openSockets.size === 0);
    await until(() => egress.connectionCount() === 0);
  });

  test("of too many idle connections the one that has waited longest gives way, whatever its origin", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const egress = openEgress({ resolve: async () => at("127.0.0.1"), maxIdleConnections: 3 });
    for (const name of ["a", "b", "a", "c", "d"]) await egress.post(named(`${name}.example`, server.url));
    expect(egress.connectionCount()).toBe(3);
    // Used in the order a, b, a, c, d: b has waited longest, and a second one for b is made.
    expect(server.connections()).toBe(4);
    for (const name of ["a", "c", "d"]) await egress.post(named(`${name}.example`, server.url));
    expect(server.connections()).toBe(4);
    await egress.post(named("b.example", server.url));
    expect(server.connections()).toBe(5);
  });

  test("each request has its own time, also on a connection that has carried a slower or a faster one", async () => {
    let answers = 1;
    await using server = await startWireServer((socket) => answers-- > 0 && socket.write(OK));
    const egress = openEgress();
    const outcomes = async (...timeoutsMs: number[]) => {
      for (const timeoutMs of timeoutsMs.slice(0, -1)) {
        expect(await egress.post(server.url, { timeoutMs })).toMatchObject({ kind: "response" });
      }
      return egress.post(server.url, { timeoutMs: timeoutsMs.at(-1) ?? 0 });
    };
    const afterSlower = await outcomes(60_000, 100);
    expect(afterSlower).toMatchObject({ kind: "error", code: "TIMEOUT" });
    expect(afterSlower.latencyMs).toBeGreaterThanOrEqual(100);
    expect(afterSlower.latencyMs).toBeLessThan(1000);
    expect(server.connections()).toBe(1);
    answers = 1;
    const afterFaster = await outcomes(100, 300);
    expect(afterFaster).toMatchObject({ kind: "error", code: "TIMEOUT" });
    expect(afterFaster.latencyMs).toBeGreaterThanOrEqual(300);
    expect(afterFaster.latencyMs).toBeLessThan(1500);
  });

  test("thousands of dead origins leave nothing behind", async () => {
    await using server = await startWireServer((socket) => socket.resetAndDestroy());
    const egress = openEgress({ resolve: async () => at("127.0.0.1") });
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 100 }, (_, i) => egress.post(named(`dead-${round}-${i}.example`, server.url))),
      );
    }
    expect(egress.connectionCount()).toBe(0);
  });

  test("close ends what is on the wire and lets nothing more out", async () => {
    await using server = await startWireServer(() => {});
    const egress = openEgress();
    const hanging = egress.post(server.url);
    await until(() => server.received.length === 1);
    await egress.close();
    expect(await hanging).toMatchObject({ kind: "error", code: "CANCELLED" });
    expect(await egress.post(server.url)).toMatchObject({ kind: "error", code: "CANCELLED" });
    expect(egress.connectionCount()).toBe(0);
  });
});
