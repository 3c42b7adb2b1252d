// The command line against a real gateway, and the local side of a listener against servers that misbehave.
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createRawServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forward, readTarget } from "#server/cli/forward.ts";
import { configDir } from "#server/cli/profiles.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { type Cli, makeCli } from "#test/support/cli.ts";
import { plantTeam } from "#test/support/planted-team.ts";
import { startReceiver } from "#test/support/receiver.ts";

let api: TestApi;
let cli: Cli;
let env: Record<string, string>;
beforeAll(async () => {
  api = await createApi();
  cli = await makeCli({});
  env = { SWITCHYARD_URL: api.origin, SWITCHYARD_API_KEY: api.key };
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const profiles = () => `${configDir({ XDG_CONFIG_HOME: `${cli.home}/config` })}/profiles.json`;

test("a login is saved for its owner alone, once the gateway has accepted the key, and used until the logout", async () => {
  const wrong = await cli.run(["login", api.origin], { input: "sy_wrong\n" });
  expect([wrong.code, wrong.out]).toEqual([1, ""]);
  await expect(stat(profiles())).rejects.toThrow();

  expect(await cli.run(["login", api.origin], { input: `${api.key}\n` })).toMatchObject({ code: 0, err: "" });
  expect((await stat(profiles())).mode & 0o777).toBe(0o600);
  const who = await cli.run(["whoami", "--json"]);
  expect(JSON.parse(who.out)).toMatchObject({ url: api.origin, teams: [{ id: api.teamId, name: "ours" }] });
  expect(who.out).not.toContain(api.key);

  // The key of one gateway is shown to no other.
  await using other = await startReceiver();
  const elsewhere = await cli.run(["whoami"], { env: { SWITCHYARD_URL: new URL(other.url).origin } });
  expect(elsewhere.code).toBe(2);
  expect(other.receipts).toEqual([]);

  expect((await cli.run(["logout"])).code).toBe(0);
  expect((await cli.run(["whoami"])).code).toBe(2);
  expect(await readFile(profiles(), "utf8")).not.toContain(api.key);
});

test("a server that is no gateway, and one that is not there, are told apart from a refusal", async () => {
  await using other = await startReceiver({ body: "<html>" });
  const strange = await cli.run(["whoami"], { env: { ...env, SWITCHYARD_URL: new URL(other.url).origin } });
  expect([strange.code, strange.err]).toEqual([3, expect.stringContaining("not as a gateway answers")]);
  const refused = await cli.run(["sources", "get", "src_x", "--json"], { env });
  expect([refused.code, JSON.parse(refused.err).error.code]).toEqual([1, "NOT_FOUND"]);
});

test("the operations are commands: texts as they are typed, all else as JSON, answers as tables or JSON", async () => {
  const made = await cli.run(
    ["sources", "create", "--name", "123", "--config", '{"body_limit_bytes":1000}', "--json"],
    {
      env,
    },
  );
  expect(JSON.parse(made.out)).toMatchObject({ name: "123", config: { body_limit_bytes: 1000 } });
  const input = JSON.stringify({ name: "from-input", description: "\u001b[31mred" });
  expect((await cli.run(["sources", "create", "--input", "-"], { env, input })).out).toContain("\\u001b[31mred");
  const listed = await cli.run(["sources", "list", "--limit", "1"], { env });
  expect(listed.out.split("\n")[0]).toMatch(/^id\s+name\s+type/);
  expect(listed.err).toContain("--next");
  const all = await cli.run(["sources", "list", "--limit", "1", "--all", "--json"], { env });
  expect(
    all.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).name),
  ).toEqual(["from-input", "123"]);
  const wrong = await cli.run(["sources", "create", "--name", "x", "--config", "{"], { env });
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("--config is no JSON")]);
});

test("a key that reads may not listen, and another team's key finds nothing", async () => {
  await api.post("/v1/sources", { name: "ours-alone" });
  const readKey = await api.makeKey([api.teamId], "read");
  const listen = ["listen", "ours-alone", "--forward", "9"];
  const reader = await cli.run(listen, { env: { ...env, SWITCHYARD_API_KEY: readKey } });
  expect([reader.code, reader.err]).toEqual([1, expect.stringContaining("connection.write")]);
  const otherKey = await api.makeKey([await api.makeTeam("other")]);
  const other = await cli.run(listen, { env: { ...env, SWITCHYARD_API_KEY: otherKey } });
  expect([other.code, other.err]).toEqual([1, expect.stringContaining("There is no source ours-alone")]);
  expect((await api.get("/v1/tunnels")).body.data).toEqual([]);
});

test("of several retries each is made, and the exit code says that only some were", async () => {
  const { events = "" } = await plantTeam(api);
  const some = await cli.run(["events", "retry", "evt_x", events], { env });
  expect(some).toMatchObject({ code: 4, out: `${events}  QUEUED\n`, err: expect.stringContaining("1 of 2") });
  expect((await cli.run(["events", "retry", "evt_x", "evt_y"], { env })).code).toBe(1);
  const shown = await cli.run(["events", "show", events, "--json"], { env });
  expect(JSON.parse(shown.out)).toMatchObject({ id: events, status: "QUEUED" });
});

test("Ctrl-C ends a list of retries before the next one", async () => {
  const stopped = await cli.run(["events", "retry", "evt_x", "evt_y"], { env, stop: AbortSignal.abort() });
  expect([stopped.code, stopped.err]).toEqual([130, expect.stringContaining("of 2, 2 were not asked for")]);
});

const request = { method: "POST", path: "/", query: "", headers: [] as [string, string][], body: Buffer.from("{}") };
const targetOf = ({ url }: { url: string }) => readTarget(new URL(url).host);

test("a local server that hangs costs its time and no more", async () => {
  await using hanging = await startReceiver("hang");
  const answer = await forward(targetOf(hanging), request, { timeoutMs: 200 });
  expect(answer).toMatchObject({ status: null, error: "TIMEOUT" });
});

test("of an answer without end the first bytes are kept, and the rest is not read", async () => {
  const chunk = Buffer.alloc(64 * 1024, "x");
  let written = 0;
  const server = createServer((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length;
    };
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = readTarget(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answer = await forward(target, request, { timeoutMs: 10_000 });
  expect(answer).toMatchObject({ status: 200, error: null });
  expect(answer.body.length).toBe(32 * 1024);
  await new Promise((resolve) => server.close(resolve));
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

test("bytes arrive as they came, and the path of a stranger stays at the host that was named", async () => {
  await using local = await startReceiver();
  const body = Buffer.from([0, 255, 10, 13, 27, 128]);
  const hostile = {
    ...request,
    body,
    path: "//evil.example/../x",
    query: "?a=%00",
    headers: [["X-Name", "ä€"]] as [string, string][],
  };
  const answer = await forward(targetOf(local), hostile, { timeoutMs: 5_000 });
  expect(answer.error).toBeNull();
  expect(local.receipts[0]).toMatchObject({ url: "//evil.example/../x?a=%00", body });
  expect(local.receipts[0]?.headers.host).toBe(new URL(local.url).host);
  expect(Buffer.from(local.receipts[0]?.headers["x-name"]?.toString() ?? "", "latin1").toString()).toBe("ä€");
});

test("no redirect is followed, and a header that cannot be sent is a failure with a name", async () => {
  await using elsewhere = await startReceiver();
  await using local = await startReceiver({ status: 307, headers: { location: elsewhere.url } });
  expect(await forward(targetOf(local), request, { timeoutMs: 5_000 })).toMatchObject({ status: 307, error: null });
  expect(elsewhere.receipts).toEqual([]);
  const broken = { ...request, headers: [["x-broken", "a\u0000b"]] as [string, string][] };
  expect(await forward(targetOf(local), broken, { timeoutMs: 5_000 })).toMatchObject({ error: "PROTOCOL_ERROR" });
});

test("a status that HTTP has not is no answer", async () => {
  const server = createRawServer((socket) => socket.resume().end("HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = readTarget(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answer = await forward(target, request, { timeoutMs: 5_000 });
  expect(answer).toMatchObject({ status: null, headers: null, error: "PROTOCOL_ERROR" });
  await new Promise((resolve) => server.close(resolve));
});

test("a port where nobody listens refuses", async () => {
  const gone = await startReceiver();
  const target = targetOf(gone);
  await gone[Symbol.asyncDispose]();
  expect(await forward(target, request, { timeoutMs: 5_000 })).toMatchObject({ error: "CONNECTION_REFUSED" });
});
