// How everything ends: in good order and soon, also when the one process that holds the others together is killed.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExpectStatic, expect, inject, test } from "vitest";
import { startReceiver } from "#test/support/receiver.ts";
import {
  findLiving,
  type Installation,
  makeInstallation,
  readPids,
  type Start,
  startSwitchyard,
} from "#test/support/start.ts";
import { eventually } from "#test/support/world.ts";

const API_KEY = `sy_${"s".repeat(40)}`;
/** No dashboard, which would have to be built. */
const ENV = { SWITCHYARD_ROLES: "gateway,worker", SWITCHYARD_API_KEY: API_KEY };
/** The promise is 5 s on an idle machine; tests share theirs with others. */
const END_MS = 8_000;

async function callApi(installation: Installation, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${installation.gatewayUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function begin(installation: Installation): Promise<Start> {
  const start = startSwitchyard(installation, ENV);
  await start.ready();
  return start;
}

test("SIGTERM ends everything within seconds, and what a hanging destination broke off cost its event nothing", async () => {
  await using installation = await makeInstallation(inject("migratedCluster"));
  const api = callApi.bind(undefined, installation);
  let isHanging = true;
  await using receiver = await startReceiver(() => (isHanging ? "hang" : { status: 500 }));
  await using first = await begin(installation);
  const made = await api("POST", "/connections", {
    name: "hanging",
    source: { name: "hanging-source" },
    destination: { name: "hanging-destination", config: { url: receiver.url, timeout_ms: 60_000 } },
    rules: [{ type: "retry", strategy: "linear", interval: 3_600_000, count: 1 }],
  });
  const { url } = await api("GET", `/sources/${made.source_id}`);
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(200);
  await receiver.received(1);
  // A sender that dawdles over its body is no reason to stay either.
  const dawdler = connect(Number(new URL(url).port), "127.0.0.1");
  dawdler.on("error", () => {});
  dawdler.write(`POST ${new URL(url).pathname} HTTP/1.1\r\nhost: door\r\ncontent-length: 100\r\n\r\nslow`);
  const { roles, postgres } = await readPids(installation);

  const startedAtMs = performance.now();
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(END_MS);
  expect(await findLiving([...roles, postgres])).toEqual([]);
  expect(first.output()).not.toMatch(/fatal|did not/);

  isHanging = false;
  await using second = await begin(installation);
  await receiver.received(2);
  const read = async () => (await api("GET", `/events?connection_id=${made.id}`)).data[0];
  const event = await eventually(read, ({ attempts }) => attempts === 2);
  // The second attempt failed as a first one: the one retry that its rule grants is still to come.
  expect(event).toMatchObject({ status: "RETRYING", response_status: 500 });
  expect(await second.stop()).toBe(0);
});

/** @param within the `expect` of the test: of two at once, the common one follows whichever ended last */
const gone = (within: ExpectStatic, pids: number[], timeout: number) =>
  within.poll(() => findLiving(pids), { timeout }).toEqual([]);

test.concurrent("after kill -9 of the supervisor its roles and its Postgres end by themselves", async ({ expect }) => {
  await using installation = await makeInstallation(inject("migratedCluster"));
  const api = callApi.bind(undefined, installation);
  await using receiver = await startReceiver("hang");
  await using start = await begin(installation);
  const made = await api("POST", "/connections", {
    name: "orphaned",
    source: { name: "orphaned-source" },
    destination: { name: "orphaned-destination", config: { url: receiver.url, timeout_ms: 60_000 } },
  });
  const { url } = await api("GET", `/sources/${made.source_id}`);
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(200);
  await receiver.received(1);
  const { roles, postgres } = await readPids(installation);
  start.child.kill("SIGKILL");
  await start.ended;
  await gone(expect, roles, END_MS);
  await gone(expect, [postgres], 2 * END_MS);
});

test.concurrent("a Postgres that outlives the supervisor and all roles ends by itself, and one that was started again too", async ({
  expect,
}) => {
  await using installation = await makeInstallation(inject("migratedCluster"));
  await using start = await begin(installation);
  process.kill((await readPids(installation)).postgres, "SIGKILL");
  await start.printed("Postgres is back");
  const { roles, postgres } = await readPids(installation);
  start.child.kill("SIGKILL");
  for (const pid of roles) process.kill(pid, "SIGKILL");
  await start.ended;
  await gone(expect, [postgres], 2 * END_MS);
});

test("after kill -9 of every Node process the next start delivers what was left at once, in order, and repeats only what was on the wire", async () => {
  const EVENTS = 60;
  await using installation = await makeInstallation(inject("migratedCluster"));
  const api = callApi.bind(undefined, installation);
  await using receiver = await startReceiver(async () => {
    await sleep(20);
    return {};
  });
  await using killed = await begin(installation);
  const made = await api("POST", "/connections", {
    name: "killed",
    source: { name: "killed-source" },
    destination: { name: "killed-destination", config: { url: receiver.url, ordering: "fifo" } },
  });
  const { url } = await api("GET", `/sources/${made.source_id}`);
  for (let n = 0; n < EVENTS; n++) {
    expect((await fetch(url, { method: "POST", body: JSON.stringify({ n }) })).status).toBe(200);
  }
  await receiver.received(EVENTS / 6);
  const { roles } = await readPids(installation);
  killed.child.kill("SIGKILL");
  for (const pid of roles) process.kill(pid, "SIGKILL");
  await killed.ended;
  await using next = await begin(installation);
  const readyAtMs = performance.now();
  const numbers = () => receiver.receipts.map(({ body }) => (JSON.parse(String(body)) as { n: number }).n);
  await eventually(
    async () => new Set(numbers()).size,
    (count) => count === EVENTS,
  );
  // A lease that has to run out takes three times as long.
  expect(performance.now() - readyAtMs).toBeLessThan(5_000);
  expect(next.output()).toContain("what they held is free again");
  expect([...new Set(numbers())]).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
  expect(numbers().length).toBeLessThanOrEqual(EVENTS + 1);
  expect(await next.stop()).toBe(0);
});
