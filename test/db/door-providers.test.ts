// Providers over real HTTP: their probes at a source that takes POST alone, and their tokens, which are shown to nobody.
import { afterAll, beforeAll, expect, test } from "vitest";
import { RetryRequests } from "#server/contracts/bulk.ts";
import type { ProviderType } from "#server/contracts/provider.ts";
import { ListRequests } from "#server/contracts/request.ts";
import { planRequestsRetry } from "#server/resources/bulk.ts";
import { createConnection } from "#server/resources/connections.ts";
import { getRequest, listRequests } from "#server/resources/requests.ts";
import { testSource } from "#server/resources/source-test.ts";
import { createSource } from "#server/resources/sources.ts";
import { ED25519_HEX, signEd25519 } from "#test/support/provider-rows/keys.ts";
import { hex } from "#test/support/provider-rows/row.ts";
import { createWorld, type World } from "#test/support/world.ts";

const SECRET = "shh-0123456789abcdef";
let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false, publicGatewayUrl: "own" });
});
afterAll(() => world[Symbol.asyncDispose]());

const sourceOf = (type: ProviderType, auth: Record<string, unknown> = { secret: SECRET }) =>
  createSource(world.ctx, { name: `of-${type.toLowerCase()}`, type, config: { auth } });

test("Meta's probe is answered at a source that takes POST alone, and is no request of it", async () => {
  const { id, url } = await sourceOf("META", { secret: SECRET, verify_token: "meatyhamhock" });
  const probe = (token: string) =>
    fetch(`${url}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
  const good = await probe("meatyhamhock");
  expect([good.status, await good.text()]).toEqual([200, "1158201444"]);
  expect(good.headers.get("content-type")).toBe("text/plain");
  expect((await probe("guess")).status).toBe(405);
  const body = '{"object":"page","entry":[]}';
  const headers = { "x-hub-signature-256": `sha256=${hex(SECRET, body)}` };
  expect((await fetch(url, { method: "POST", body, headers })).status).toBe(200);
  const rows = await world.requests(id);
  expect(rows.map(({ status, method }) => [status, method]).sort()).toEqual([
    ["accepted", "POST"],
    ["rejected", "GET"],
  ]);
});

test("X's probe gets the token's digest, and no stranger has an event signed by it", async () => {
  const { url } = await sourceOf("X");
  const probe = (token: string) => fetch(`${url}?crc_token=${encodeURIComponent(token)}`);
  expect((await (await probe("MTQ4ODU0NTI1Nw")).json()) as object).toHaveProperty("response_token");
  expect((await probe('{"data":{"event_type":"x"}}')).status).toBe(405);
});

test("Discord's pings are answered when they are signed, and refused when they are not", async () => {
  const { url } = await sourceOf("DISCORD", { public_key: ED25519_HEX });
  const send = (body: string, signed = body) => {
    const seconds = String(Math.trunc(Date.now() / 1000));
    const signature = signEd25519(seconds + signed).toString("hex");
    const headers = { "x-signature-timestamp": seconds, "x-signature-ed25519": signature };
    return fetch(url, { method: "POST", body, headers: { ...headers, "content-type": "application/json" } });
  };
  const pong = await send('{"type":1}');
  expect([pong.status, await pong.text()]).toEqual([200, '{"type":1}']);
  const silent = await send('{"type":0}');
  expect([silent.status, silent.headers.get("content-length"), await silent.text()]).toEqual([204, null, ""]);
  expect((await send('{"type":1}', '{"type":2}')).status).toBe(401);
});

test("a token in the query or in the body proves its sender, and is shown to nobody", async () => {
  const mailchimp = await sourceOf("MAILCHIMP");
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const post = (url: string, body: string, headers: Record<string, string>) =>
    fetch(url, { method: "POST", body, headers });
  expect((await post(`${mailchimp.url}?secret=${SECRET}`, "type=subscribe", form)).status).toBe(200);
  expect((await post(mailchimp.url, "type=subscribe", form)).status).toBe(401);
  expect(JSON.stringify(await world.requests(mailchimp.id))).not.toContain(SECRET);

  const mattermost = await sourceOf("MATTERMOST");
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ token: SECRET, trigger_word: "deploy" });
  expect((await post(mattermost.url, body, json)).status).toBe(200);
  expect((await post(mattermost.url, body.replace(SECRET, "guess"), json)).status).toBe(401);
  for (const { id } of await world.requests(mattermost.id))
    expect(JSON.stringify(await getRequest(world.ctx, { id: String(id) }))).not.toContain(SECRET);
});

test.each([
  ["HUBSPOT", "verified"],
  ["FUSIONAUTH", "verified"],
  ["POSTMARK", "authenticated"],
  ["FIGMA", "authenticated"],
  ["STRAVA", "authenticated"],
  ["HEROKU", "verified"],
] as const)("a test of a source proves itself as %s does, and is %s", async (type, verification) => {
  const auth = type === "POSTMARK" ? { username: "us", password: SECRET } : { secret: SECRET };
  const { id } = await createSource(world.ctx, {
    name: `test-${type}`,
    type,
    config: { auth },
  });
  const { answer } = await testSource(world.ctx, { id, route: false });
  expect(answer).toMatchObject({ outcome: "accepted", verification });
});

test("a list of events is found, routed and sent again by each of its types, and sent twice is a duplicate", async () => {
  const { id: source_id, url } = await createSource(world.ctx, {
    name: "of-lists",
    type: "AUTH0",
    config: { auth: { secret: SECRET } },
  });
  const send = (...types: string[]) =>
    fetch(url, {
      method: "POST",
      body: JSON.stringify(types.map((type, i) => ({ log_id: `${types.join()}-${i}`, data: { type } }))),
      headers: { authorization: SECRET, "content-type": "application/json" },
    });
  const many = Array.from({ length: 60 }, (_, n) => `x-long-type-${n}`);
  for (const types of [["s"], ["s", "f"], ["f"], ["s", "f"], many]) expect((await send(...types)).status).toBe(200);
  const typesOf = async (filter: object) => {
    const input = ListRequests.parse({ source_id: [source_id], duplicate: false, ...filter });
    return (await listRequests(world.ctx, input)).data.map(({ event_type }) => event_type);
  };
  const [long = "", ...short] = await typesOf({});
  expect(short).toEqual(["f", "f, s", "s"]);
  // One that has more types than it names may be of any, as for a connection.
  expect(long).toMatch(/^x-long-type-0, .* \(\+\d+\)$/);
  expect(await typesOf({ event_type: "s" })).toEqual([long, "f, s", "s"]);
  expect(await typesOf({ event_type: "f*" })).toEqual([long, "f", "f, s"]);
  expect(await typesOf({ event_type: "," })).toEqual([long]);
  await createConnection(world.ctx, {
    name: "of-lists",
    source_id,
    destination: { name: "of-lists", type: "MOCK" },
    rules: [],
  } as Parameters<typeof createConnection>[1]);
  const planned = async (filter: object) =>
    (await planRequestsRetry(world.ctx, RetryRequests.parse({ from: "now-1h", source_id: [source_id], ...filter })))
      .count;
  expect([await planned({ event_type: "s" }), await planned({ event_type: "f*" })]).toEqual([3, 3]);
});
