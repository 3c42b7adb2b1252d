import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";
import { insertOverviewRows } from "#test/support/overview-rows.ts";
import { signInAs } from "#test/support/people.ts";
import { startWebRole, type WebRole } from "#test/support/web-role.ts";

/** Stands where the gateway listens and keeps what reaches it. */
interface Upstream {
  server: Server;
  port: number;
  arrivals: { url: string; method: string; rawHeaders: string[]; body: Buffer }[];
}

let database: TestDatabase;
let upstream: Upstream;
let web: WebRole;

async function startUpstream(): Promise<Upstream> {
  const arrivals: Upstream["arrivals"] = [];
  const server = createServer(async (req, res) => {
    const { url = "", method = "", rawHeaders } = req;
    const body = await buffer(req).catch(() => null);
    if (body === null) return;
    arrivals.push({ url, method, rawHeaders, body });
    res.sendDate = false;
    res.writeHead(202, "Kept", ["X-First", "1", "content-type", "application/json", "X-First", "2"]);
    res.write("one");
    if (url.endsWith("/slow")) server.once("finish-slow", () => res.end("two"));
    else res.end("two");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port, arrivals };
}

beforeAll(async () => {
  database = await createDatabase();
  await insertOverviewRows(database.url, new Date());
  upstream = await startUpstream();
  web = await startWebRole(database.url, upstream.port);
});

afterAll(async () => {
  await web?.[Symbol.asyncDispose]();
  upstream?.server.closeAllConnections();
  upstream?.server.close();
  await database?.[Symbol.asyncDispose]();
});

async function send(path: string, headers: string[], body: Buffer | string, method = "POST"): Promise<IncomingMessage> {
  const { hostname, port } = new URL(web.url);
  const outgoing = request({ hostname, port, path, method, headers: ["Host", "hooks.test", ...headers], agent: false });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return answer;
}

describe("what is sent to the dashboard's /v1 and /e", () => {
  test("reaches the gateway byte for byte, and so does its answer", async () => {
    const body = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 256));
    const path = "/e/key/a%2Fb/../c?q=%00&q=2";
    const answer = await send(path, ["X-Odd", "1", "x-odd", "2", "Content-Length", String(body.length)], body);

    expect(answer.statusCode).toBe(202);
    expect(answer.statusMessage).toBe("Kept");
    expect(answer.rawHeaders.slice(0, 6)).toEqual(["X-First", "1", "content-type", "application/json", "X-First", "2"]);
    expect(await text(answer)).toBe("onetwo");
    const arrival = upstream.arrivals.at(-1);
    expect(arrival?.url).toBe(path);
    expect(arrival?.body.equals(body)).toBe(true);
    expect(arrival?.rawHeaders.slice(0, 6)).toEqual(["Host", "hooks.test", "X-Odd", "1", "x-odd", "2"]);
    expect(arrival?.rawHeaders).toEqual(expect.arrayContaining(["X-Forwarded-For", "127.0.0.1"]));
  });

  test("keeps its chunked framing, also where a method rarely has a body", async () => {
    const answer = await send("/v1/anything", ["Transfer-Encoding", "chunked"], "abc", "DELETE");
    await text(answer);
    expect(upstream.arrivals.at(-1)).toMatchObject({ method: "DELETE", body: Buffer.from("abc") });
  });

  test("is answered as the gateway speaks, not when it has finished", async () => {
    const answer = await send("/v1/slow", [], "");
    const [first] = (await once(answer, "data")) as [Buffer];
    expect(String(first)).toBe("one");
    upstream.server.emit("finish-slow");
    expect(await text(answer)).toBe("two");
  });

  test("does not arrive as a whole when the sender broke off", async () => {
    const before = upstream.arrivals.length;
    const { hostname, port } = new URL(web.url);
    const outgoing = request({ hostname, port, path: "/e/broken", method: "POST", headers: { "content-length": 10 } });
    outgoing.on("error", () => {});
    const [[arriving]] = await Promise.all([
      once(upstream.server, "request") as Promise<[IncomingMessage]>,
      new Promise((resolve) => outgoing.write("half", resolve)),
    ]);
    outgoing.destroy();
    await finished(arriving).catch(() => {});
    expect(arriving.complete).toBe(false);
    expect(upstream.arrivals).toHaveLength(before);
  });
});

describe("whoever is not signed in", () => {
  const visit = async (path: string, headers: Record<string, string>) => {
    const answer = await send(path, Object.entries({ ...headers }).flat(), "", "GET");
    return { status: answer.statusCode, location: answer.headers.location, body: await text(answer) };
  };
  const overview = "/api/trpc/overview.get";
  /** What the browser says of a page of the same origin. */
  const ASKED = { "Sec-Fetch-Site": "same-origin" };

  test("is sent to the log-in with the way back, and sees no data", async () => {
    const page = await visit("/?tab=1", {});
    expect([page.status, page.location]).toEqual([307, "/sign-in?next=%2F%3Ftab%3D1"]);
    expect(page.body).not.toContain("billing-service");
    expect((await visit("/sign-in", {})).body).toContain("Sign in");
    expect((await visit(overview, ASKED)).status).toBe(401);
    expect((await visit(overview, {})).status).toBe(403);
  });

  test("is told so when the API key is not valid", async () => {
    const answer = await fetch(web.url + overview, { headers: { authorization: `Bearer sy_${"0".repeat(40)}` } });
    expect(answer.status).toBe(401);
  });

  test("is told apart from whoever is: a viewer gets the data and may not change anything", async () => {
    const { cookie } = await signInAs(web.url, database.url, "viewer");
    const read = await fetch(web.url + overview, { headers: { ...ASKED, cookie } });
    expect(await read.text()).toContain("billing-service");
    const change = await fetch(`${web.url}/api/trpc/sources.create`, {
      method: "POST",
      headers: { ...ASKED, cookie, "content-type": "application/json" },
      body: JSON.stringify({ name: "mine" }),
    });
    expect(change.status).toBe(403);
  });
});

test("a gateway that is down is answered 503 with Retry-After, and the dashboard stays up", async () => {
  upstream.server.closeAllConnections();
  upstream.server.close();
  const answer = await fetch(`${web.url}/v1/sources`);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ error: { code: "UNAVAILABLE" } });
  expect((await fetch(web.url)).status).toBe(200);
});
