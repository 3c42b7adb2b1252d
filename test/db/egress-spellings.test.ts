// Private addresses in generated spellings, in every field that takes a URL and at every send. Canaries listen on loopback: they
// must hear nothing, and hear everything once their range is opened.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Spelled, spelledClosed, spelledIpv4 } from "#test/support/address-spellings.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { openEgress } from "#test/support/egress.ts";
import { cases, casesOf, SEED } from "#test/support/generation.ts";

/** A listener on both loopback addresses that counts connections and never answers. */
async function startCanary() {
  let heard = 0;
  const servers = ["127.0.0.1", "::1"].map(() =>
    createServer((socket) => {
      heard += 1;
      socket.on("error", () => {}).end("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    }),
  );
  const [first, second] = servers;
  if (!first || !second) throw new Error("There is no canary.");
  first.listen(0, "127.0.0.1");
  await once(first, "listening");
  const { port } = first.address() as AddressInfo;
  second.listen(port, "::1");
  await once(second, "listening");
  return { port, heard: () => heard, close: () => servers.map((server) => server.close()) };
}

let api: TestApi;
let canary: Awaited<ReturnType<typeof startCanary>>;
let ids: Record<string, string>;
beforeAll(async () => {
  [api, canary] = [await createApi(), await startCanary()];
  const open = { config: { url: "https://receiver.example/" } };
  const source = await api.post("/v1/sources", { name: "s" });
  const destination = await api.post("/v1/destinations", { name: "d", ...open });
  const endpoint = await api.post("/v1/endpoints", { ...open.config, eventTypes: ["never"] });
  ids = { source: source.body.id, destination: destination.body.id, endpoint: endpoint.body.id };
  expect(Object.values(ids).every((id) => /^[a-z]{3}_/.test(id))).toBe(true);
});
afterAll(async () => {
  canary?.close();
  await api?.[Symbol.asyncDispose]();
});

const bucket = {
  bucket: "b-u-c",
  region: "us-east-1",
  auth: { access_key_id: "A", secret_access_key: "s3cret-of-the-bucket" },
};
let made = 0;
const name = () => `spelled-${++made}`;
const flow = (url: string) =>
  JSON.stringify({
    apiVersion: "switchyard.dev/v1",
    kind: "DeliveryFlow",
    metadata: { name: name() },
    spec: { destinations: [{ name: "d", url }] },
  });

/** Every field that takes a URL to send to, with a call that would save or try it. */
const FIELDS: Record<string, (url: string) => Parameters<TestApi["call"]>> = {
  "a new destination": (url) => ["POST", "/v1/destinations", { name: name(), config: { url } }],
  "a changed destination": (url) => ["PATCH", `/v1/destinations/${ids.destination}`, { config: { url } }],
  "an upserted destination": (url) => ["PUT", "/v1/destinations", { name: "d", config: { url } }],
  "a secret path": (url) => [
    "POST",
    "/v1/destinations",
    { name: name(), config: { url, auth_type: "SECRET_PATH", auth: { url_path: "/services/x" } } },
  ],
  "an inline destination": (url) => [
    "POST",
    "/v1/connections",
    { name: name(), source_id: ids.source, destination: { name: name(), config: { url } } },
  ],
  "an upserted inline destination": (url) => [
    "PUT",
    "/v1/connections",
    { name: name(), source_id: ids.source, destination: { name: "d", config: { url } } },
  ],
  "a bucket": (endpoint) => ["POST", "/v1/destinations", { name: name(), type: "S3", config: { ...bucket, endpoint } }],
  "the check of a bucket": (endpoint) => ["POST", "/v1/destinations/check", { config: { ...bucket, endpoint } }],
  "an endpoint": (url) => ["POST", "/v1/endpoints", { url, eventTypes: ["*"] }],
  "a changed endpoint": (url) => ["PATCH", `/v1/endpoints/${ids.endpoint}`, { url }],
  "a notification": (url) => ["POST", "/v1/notifications", { name: name(), url }],
  "a chat": (url) => ["POST", "/v1/notifications", { name: name(), channel: "chat", url }],
  "a pager": (url) => [
    "POST",
    "/v1/notifications",
    { name: name(), channel: "pager", url, routing_key: "k".repeat(32) },
  ],
  "a route": (url) => [
    "PUT",
    "/v1/routes",
    { routes: [{ name: name(), source: "*", event_type: "*", destination: { name: name(), config: { url } } }] },
  ],
  "an applied file": (url) => ["POST", "/v1/flows/apply", { text: flow(url) }],
};

/** At the port of the canary. */
const urlTo = ({ host }: Spelled) => `http://${host}:${canary.port}/`;
const saved = async () => (await api.pool.query("select to_jsonb(d) as row from destination d order by id")).rows;

test.each(Object.keys(FIELDS))("%s is refused, whatever the spelling, and nothing is saved", async (field) => {
  const before = await saved();
  for (const spelled of fc.sample(spelledClosed, { ...cases(6), ...(SEED === undefined && { seed: 18 }) })) {
    const [method, path, body] = FIELDS[field]?.(urlTo(spelled)) ?? [];
    const { status, text } = await api.call(method ?? "", path ?? "", body);
    const isToldLater = path?.endsWith("/check") && status === 200 && text.includes("BLOCKED_ADDRESS");
    expect(isToldLater ? 422 : status, `${spelled.host} ${text}`).toBe(422);
    expect(text, spelled.host).toMatch(/EGRESS_ALLOW|BLOCKED_ADDRESS/);
    expect(text, spelled.host).not.toContain(spelled.bytes.join("."));
  }
  expect(await saved()).toEqual(before);
  expect(canary.heard()).toBe(0);
});

test("and the same calls save a public address", async () => {
  for (const [field, callTo] of Object.entries(FIELDS)) {
    if (field === "the check of a bucket") continue;
    const [method, path, body] = callTo("https://receiver.example/");
    const { status, text } = await api.call(method, path, body);
    expect(status, `${field} ${text}`).toBeLessThan(300);
  }
});

test("at send none reaches the canary, which hears each that is opened", async () => {
  const egress = openEgress({}, []);
  const refused = fc.sample(spelledClosed, { ...cases(150), ...(SEED === undefined && { seed: 18 }) });
  for (const spelled of refused) {
    const { kind, ...outcome } = await egress.post(new URL(urlTo(spelled)), { timeoutMs: 500 });
    expect([kind, "code" in outcome && outcome.code], spelled.host).toEqual(["error", "BLOCKED_ADDRESS"]);
  }
  expect([canary.heard(), egress.connectionCount()]).toEqual([0, 0]);
  const opened = openEgress({}, ["127.0.0.0/8"]);
  const own = fc.sample(spelledIpv4(["127.0.0.1/32"]), casesOf(30));
  for (const spelled of own) expect(await opened.post(new URL(urlTo(spelled)))).toMatchObject({ status: 200 });
  expect(canary.heard()).toBe(own.length);
});
