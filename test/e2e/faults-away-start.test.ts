// Roles that start while nobody answers at the address of the database: they wait for it, and say so to whoever asks.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { callApi, connect } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.[Symbol.asyncDispose]());

const ask = async (url: string, init?: RequestInit) => {
  const answer = await fetch(url, init);
  return [answer.status, answer.headers.get("retry-after"), await answer.json()];
};
/** Whether the gateway says that the database answers, and whether it has figures out of it. */
const scrape = async (url: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [/^switchyard_database_up (\d)$/m.exec(text)?.[1], text.includes("switchyard_live_workers")];
};
const AWAY = [503, "2", { error: expect.objectContaining({ code: "UNAVAILABLE" }) }];

test("a gateway listens and answers 503, a worker waits, and both come up when the database does", async () => {
  await using receiver = await startReceiver();
  const first = await system.startGateway();
  const wiring = await connect(first, {
    name: "waited-for",
    destination: { name: "waited-for-destination", config: { url: receiver.url } },
  });
  await first.stop();
  await system.postgres.kill();

  const [gateway, worker] = [await system.startGateway(first.url), system.startWorker()];
  const post = () => ask(`${gateway.url}${wiring.path}`, { method: "POST", body: "{}" });
  expect(await post()).toEqual(AWAY);
  expect(await ask(`${gateway.url}/v1/sources`, { headers: { authorization: `Bearer sy_${"k".repeat(32)}` } })).toEqual(
    AWAY,
  );
  expect(await ask(`${gateway.url}/healthz`)).toEqual([200, null, { ok: true }]);
  expect(await ask(`${gateway.url}/readyz`)).toMatchObject([503, null, { ready: false }]);
  expect(await scrape(gateway.url)).toEqual(["0", false]);

  await system.postgres.restart();
  await eventually(
    () => ask(`${gateway.url}/readyz`),
    ([status]) => status === 200,
  );
  expect(await scrape(gateway.url)).toEqual(["1", true]);
  expect(await post()).toMatchObject([200, null, { ok: true }]);
  await receiver.received(1);
  for (const { output } of [gateway, await worker]) expect(output()).not.toMatch(/fatal|crashed/);
  expect(await gateway.stop()).toBe(0);
  expect(await (await worker).stop()).toBe(0);
});

test("a gateway and a worker that wait for the database stop at once when they are told to", async () => {
  await system.postgres.kill();
  const worker = system.startWorker().catch(() => "ended");
  const gateway = await system.startGateway();
  const startedAtMs = performance.now();
  expect(await gateway.stop()).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(3_000);
  await system.postgres.restart();
  await worker;
});

test("a gateway does not wait for a database that takes its connection and says nothing", async () => {
  await system.postgres.freeze();
  const gateway = await system.startGateway();
  expect(await ask(`${gateway.url}/e/any`, { method: "POST", body: "{}" })).toEqual(AWAY);
  system.postgres.thaw();
  await eventually(
    () => ask(`${gateway.url}/readyz`),
    ([status]) => status === 200,
  );
});

test("a sender whose source may have been made a moment ago is told 503 and not 404 while nobody can look", async () => {
  const gateway = await system.startGateway();
  const { url } = await callApi<{ url: string }>(gateway, "POST", "/sources", { name: "just-made" });
  const key = new URL(url).pathname;
  const other = `${gateway.url}${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`;
  expect((await fetch(other, { method: "POST", body: "{}" })).status).toBe(404);
  await system.postgres.kill();
  const reason = expect.stringMatching(/^The database does not answer/);
  expect(await ask(`${gateway.url}/readyz`)).toEqual([503, null, { ready: false, reason }]);
  expect(await ask(other, { method: "POST", body: "{}" })).toEqual(AWAY);
  expect((await fetch(`${gateway.url}/e/no-key`, { method: "POST", body: "{}" })).status).toBe(404);
  await system.postgres.restart();
});
