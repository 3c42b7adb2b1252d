// Strangers and other teams at /mcp: who is let in, what a message may be, and whose answer goes to whom.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectAgent } from "#test/support/agent.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { casesOf, SEED } from "#test/support/generation.ts";
import { seeded } from "#test/support/seeded.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const PROTOCOL = { accept: "application/json, text/event-stream", "content-type": "application/json" };
const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const callOf = (name: string, input: object, id: unknown = 1) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: input },
});

const post = (message: unknown, options: Parameters<TestApi["call"]>[3] = {}) =>
  api.post("/mcp", message, { ...options, headers: { ...PROTOCOL, ...options.headers } });

/** The status of an answer to a head that `fetch` does not send. */
function statusOf(headers: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.origin);
    const body = JSON.stringify(list);
    const socket = connect(Number(port), hostname, () => {
      const given = [`authorization: Bearer ${api.key}`, "accept: application/json, text/event-stream"];
      const lines = ["POST /mcp HTTP/1.1", ...headers, ...given, "content-type: application/json"];
      socket.write(`${lines.join("\r\n")}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    socket.once("data", (chunk) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1.1 (\d+)/.exec(chunk.toString())?.[1]));
    });
    socket.once("error", reject);
  });
}

describe("who is let in:", () => {
  test("nobody without a key, whatever cookie they have", async () => {
    expect((await post(list)).status).toBe(200);
    for (const key of [null, "sy_unknown", "x"]) {
      const answer = await post(list, { key, headers: { cookie: `better-auth.session_token=${api.key}` } });
      expect(answer).toMatchObject({ status: 401, body: { jsonrpc: "2.0", id: null } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  test("a key that is revoked in the middle of its work is refused at the next message", async () => {
    const key = await api.makeKey([api.teamId]);
    await using agent = await connectAgent(api.origin, { key });
    await agent.ask("list_sources");
    const { body } = await api.get("/v1/api-keys");
    const { id } = body.data.find(({ last_four }: { last_four: string }) => key.endsWith(last_four));
    expect((await api.delete(`/v1/api-keys/${id}`)).status).toBe(200);
    await expect(agent.ask("list_sources")).rejects.toThrow();
    expect((await post(list, { key })).status).toBe(401);
  });

  test("only by a name that is ours, and from no page of another site", async () => {
    const { port } = new URL(api.origin);
    expect(await statusOf([`host: 127.0.0.1:${port}`])).toBe(200);
    expect(await statusOf([`host: localhost:${port}`])).toBe(200);
    expect(await statusOf([`host: [::1]:${port}`])).toBe(200);
    expect(await statusOf(["host: gateway.test"])).toBe(200);
    expect(await statusOf(["host: evil.example"])).toBe(403);
    expect(await statusOf(["host: gateway.test.evil.example"])).toBe(403);
    expect(await statusOf(["host: 127.0.0.1.evil.example"])).toBe(403);
    expect(await statusOf(["host: evil.example@127.0.0.1"])).toBe(403);
    expect(await statusOf(["host: 127.0.0.1", "origin: http://evil.example"])).toBe(403);
    expect(await statusOf(["host: 127.0.0.1", "origin: null"])).toBe(403);
    expect(await statusOf(["host: 127.0.0.1", "origin: http://127.0.0.1"])).toBe(200);
    expect(await statusOf(["host: 127.0.0.1", "origin: http://gateway.test"])).toBe(200);
  });

  test("a stranger's body is not read", async () => {
    const { hostname, port } = new URL(api.origin);
    const first = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write("POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n{"),
      );
      socket.setTimeout(3_000, () => reject(new Error("No answer while the body stood still.")));
      socket.once("data", (chunk) => {
        socket.destroy();
        resolve(chunk.toString());
      });
    });
    expect(first).toContain("401 Unauthorized");
  });

  test("of another team nothing is found", async () => {
    const key = await api.makeKey([await api.makeTeam("other")]);
    const { body: ours } = await api.post("/v1/sources", { name: "ours-alone" });
    await using other = await connectAgent(api.origin, { key });
    await expect(other.ask("get_source", { id: ours.id })).rejects.toThrow("No source with the id");
    expect((await other.ask("list_sources")).data).toEqual([]);
    await expect(other.ask("plan_pause_connection", { id: "web_00000000000000000000000000" })).rejects.toThrow("No");
  });
});

describe("what a message may be:", () => {
  const sentenceAt = async (raw: string, headers = {}) => {
    const { status, body } = await post(undefined, { raw, headers });
    return { status, message: body?.error?.message, id: body?.id };
  };

  test("one, and no list of them", async () => {
    const answer = await sentenceAt(JSON.stringify([list, { ...list, id: 2 }]));
    expect(answer).toEqual({ status: 400, message: "Send one message at a time, not a list.", id: null });
  });

  test("small, and JSON", async () => {
    expect((await sentenceAt("{")).status).toBe(400);
    expect((await sentenceAt("")).status).toBe(400);
    expect((await sentenceAt("x".repeat(300_000))).status).toBe(413);
    expect((await sentenceAt(`{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`)).status).toBe(422);
    expect((await sentenceAt(`{"a":[${"1,".repeat(9_000)}1]}`)).status).toBe(422);
    expect((await sentenceAt(JSON.stringify(list), { "content-type": "text/plain" })).status).toBe(415);
    expect((await sentenceAt('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"__proto__":{}}}')).status).toBe(
      400,
    );
  });

  test("nothing that keeps a connection open", async () => {
    expect((await sentenceAt(JSON.stringify({ ...list, method: "subscriptions/listen" }))).status).toBe(400);
    for (const method of ["GET", "DELETE", "PUT", "OPTIONS"]) {
      const answer = await api.call(method, "/mcp", undefined, { headers: PROTOCOL });
      expect(answer.status, method).toBe(405);
      expect(answer.headers.get("allow")).toBe("POST");
    }
  });

  test("a wrong field, tool or id is a sentence", async () => {
    const mistaken = await post(callOf("list_events", { team_id: "tm_x", satus: "FAILED" }));
    expect(mistaken.body.result.isError).toBe(true);
    expect(mistaken.body.result.content[0].text).toContain("There is no field team_id: use limit, next");
    const unknown = await post(callOf("drop_tables", {}));
    expect(unknown.body.error.message).toContain("There is no tool drop_tables");
    const nul = await post(callOf("list_sources", { search: "a\0b" }));
    expect(nul.body.result.content[0].text).toContain("U+0000");
  });

  test("whatever it is, the answer is never a failure of ours", async () => {
    const random = seeded(SEED ?? 16);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const odd = [null, true, -1, 1e300, 1.5, "", "\ud800", "\0", [], {}, [[]], { a: { b: [1] } }, "x".repeat(2_000)];
    const methods = [
      "tools/call",
      "tools/list",
      "initialize",
      "ping",
      "prompts/get",
      "resources/read",
      "notifications/cancelled",
      "server/discover",
      "completion/complete",
      "logging/setLevel",
      "constructor",
      "__proto__",
      7,
    ];
    const names = ["list_events", "get_event", "run_replay", "plan_replay", "toString", "", 5, null];
    const meta = { "io.modelcontextprotocol/protocolVersion": pick(["2026-07-28", "1999-01-01"]) };
    for (let round = 0; round < casesOf(250); round++) {
      const field = () => ({
        [pick(["id", "status", "from", "limit", "next", "fingerprint", "uri", "name"])]: pick(odd),
      });
      const params = pick([
        { name: pick(names), arguments: pick([field(), pick(odd)]) },
        { ...field(), _meta: pick([meta, ...odd]) },
        pick(odd),
      ]);
      const message = {
        jsonrpc: pick(["2.0", "2.0", "1.0", null]),
        id: pick([1, "a", ...odd]),
        method: pick(methods),
        params,
      };
      const headers: Record<string, string> =
        random() < 0.3 ? { "mcp-protocol-version": pick(["2026-07-28", "2025-06-18", "x"]) } : {};
      const answer = await post(message, { headers });
      const told = `${JSON.stringify(message)} ${answer.text}`.slice(0, 1_000);
      expect(answer.status, told).toBeLessThan(500);
      expect(answer.body?.error?.code, told).not.toBe(-32_603);
    }
    for (let round = 0; round < casesOf(100); round++) {
      const text = JSON.stringify(callOf("list_events", { limit: 1 }));
      const at = Math.floor(random() * text.length);
      const raw = pick([
        text.slice(0, at),
        `${text.slice(0, at)}${pick(["\0", "{", '"', "\\", "é"])}${text.slice(at)}`,
      ]);
      const answer = await post(undefined, { raw });
      expect(answer.status, raw).toBeLessThan(500);
    }
    expect(api.logged.filter((line) => line.includes("failed"))).toEqual([]);
    expect((await post(list)).status).toBe(200);
  });
});

test("fifty agents of as many teams with the same ids at once get their own answers only", async () => {
  const teams = await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      const key = await api.makeKey([await api.makeTeam(`team-${at}`)]);
      const { body } = await api.post("/v1/sources", { name: `source-of-${at}` }, { key });
      return { at, key, id: body.id as string };
    }),
  );
  const rounds = [1, 1, 2].flatMap((id) =>
    teams.map(async ({ at, key, id: source }) => {
      const answer = await post(callOf("get_source", { id: source }, id), { key });
      expect(answer.body).toMatchObject({ id, result: { structuredContent: { id: source, name: `source-of-${at}` } } });
    }),
  );
  await Promise.all(rounds);
  // The official client numbers its messages from 0 on, so all of these are equal.
  const agents = await Promise.all(teams.map(({ key }) => connectAgent(api.origin, { key })));
  const answers = await Promise.all(agents.map((agent) => agent.ask("list_sources")));
  expect(answers.map(({ data }) => data.map(({ id }: { id: string }) => id))).toEqual(teams.map(({ id }) => [id]));
  await Promise.all(agents.map((agent) => agent.client.close()));
});

test("each team has its own turns: one that floods is told so, and another is served", async () => {
  const floods = Array.from({ length: 120 }, (_, at) => post(callOf("list_events", {}, at)));
  const key = await api.makeKey([await api.makeTeam("patient")]);
  await using other = await connectAgent(api.origin, { key });
  expect((await other.ask("list_events")).data).toEqual([]);
  const answers = await Promise.all(floods);
  const refusals = answers.filter(({ body }) => body.result.isError);
  expect(refusals.length).toBeGreaterThan(0);
  expect(refusals[0]?.body.result.content[0].text).toContain("Too many calls of this team wait already");
});

test("a message that is refused for now says when to come again", async () => {
  const stop = new AbortController();
  // As many large messages as a team may have, and as many as may wait.
  const taken = Array.from({ length: 1_002 }, () => api.app.shares.turns.bodies.take(api.teamId, stop.signal));
  const answer = await post({ ...list, params: { _meta: { large: "x".repeat(200_000) } } });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
  stop.abort();
  for (const turn of await Promise.all(taken)) if (turn.kind === "turn") turn.done();
});
