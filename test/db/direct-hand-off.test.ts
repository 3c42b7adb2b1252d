// Hand-offs that the door tells a worker of its machine with all that routing needs: it says what stands in the table, and nothing
// depends on its being heard.
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import { type DirectHandOff, decodeHandOff, encodeHandOff, TOLD_CLAIM_MS } from "#server/events/direct-hand-off.ts";
import { loadRequests } from "#server/events/stored-request.sql.ts";
import { type Hearing, hearLocally } from "#server/process/local-line.ts";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { startRoutingLoop } from "#server/routing/routing-loop.ts";
import { type FaultProxy, startFaultProxy } from "#test/chaos/fault-proxy.ts";
import { targetOf, throughPort } from "#test/chaos/postgres-target.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { startGateway } from "#test/support/gateway.ts";
import { keepLog } from "#test/support/logged.ts";
import { spawnWorker } from "#test/support/worker-process.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
/** Another way to the world's database. */
let relay: FaultProxy;
let overRelay: Pool;
let hearing: Hearing;
/** What the test's own ear was told and given, and the end of each hand that holds something. */
const heard = { given: [] as Buffer[], told: 0, done: [] as (() => void)[] };
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  const onTold = () => void heard.told++;
  const onGiven = (bytes: Buffer) => {
    heard.given.push(bytes);
    return new Promise<void>((resolve) => heard.done.push(resolve));
  };
  relay = await startFaultProxy(() => targetOf(world.env.databaseUrl));
  overRelay = makePool(throughPort(world.env.databaseUrl, relay.port), "test", 1);
  hearing = hearLocally({ onTold, onGiven }, { identify: () => askIdentity(overRelay) });
  await hearing.follow();
  const producer = await makeBranch(world, {});
  await eventually(
    async () => {
      await producer.send({});
      return heard.given.length;
    },
    (given) => given > 0,
  );
});
afterAll(async () => {
  await hearing.stop();
  await world[Symbol.asyncDispose]();
  await overRelay.end();
  await relay[Symbol.asyncDispose]();
});

/** Ends what is in hand, and returns what the work gave. */
async function givenBy(work: () => Promise<unknown>) {
  for (const done of heard.done.splice(0)) done();
  // A place that was asked for again is there when it is asked of the socket after it.
  const before = heard.given.length;
  await work();
  return heard.given.slice(before).map((bytes) => decodeHandOff(bytes) as DirectHandOff);
}

const unclaimed = async () => (await claimHandOffs(world.pool, 100)).handOffs.map(({ id }) => id);

test("it holds what is read back from the table", async () => {
  const { url } = await makeBranch(world, { source: { config: { masked_paths: ["body.secret"] } } });
  const github = await makeBranch(world, { source: { type: "GITHUB", config: { auth_type: "NONE" } } });
  const given = await givenBy(async () => {
    const binary = { method: "POST", body: new Uint8Array([0, 255, 128, 10]) };
    expect((await fetch(`${url}/a%00b?q=%ff&\ud800=1`, { ...binary, headers: { "X-Two": "é", te: "" } })).status).toBe(
      200,
    );
    await github.send({ action: "opened" }, { "x-github-event": "issues", "x-github-delivery": "d-1" });
    expect((await github.post(null)).status).toBe(200);
  });
  expect(given).toHaveLength(3);
  for (const { id, requests, marks, configVersion } of given) {
    const [row] = await world.all<{ requests: unknown; heads: unknown }>(
      "select requests, heads from hand_off where id = $1",
      [id],
    );
    expect(row?.requests).toEqual(requests.map(({ team_id, id, source_id }) => [team_id, id, source_id]));
    expect(row?.heads).toEqual(requests.map(({ event_type }, i) => [event_type, marks[i]]));
    const keys = requests.map((request) => [request.team_id, request.id] as const);
    expect(new Map(requests.map((request) => [request.id, request]))).toEqual(
      await loadRequests(world.pool, keys, 1_000),
    );
    const [current] = await world.all<{ version: string }>("select version from config_version");
    expect(String(configVersion)).toBe(current?.version);
  }
});

test("one of another version is not read", async () => {
  const bytes = encodeHandOff({ id: "1", configVersion: 1n, requests: [], marks: [] });
  expect(decodeHandOff(bytes)).toEqual({ id: "1", configVersion: 1n, requests: [], marks: [] });
  const newer = Buffer.from(bytes.toString("latin1").replace('"form":1', '"form":2'), "latin1");
  expect(decodeHandOff(newer)).toBeNull();
});

test("a provider's second delivery is not given, and neither is what came with it", async () => {
  const stripe = await makeBranch(world, { source: { type: "GITHUB", config: { auth_type: "NONE" } } });
  const send = () => stripe.send({}, { "x-github-event": "push", "x-github-delivery": "same" });
  expect(await givenBy(send)).toHaveLength(1);
  expect(await givenBy(send)).toEqual([]);
});

test("who hears has so much in hand, and of more it is told that it is there", async () => {
  const producer = await makeBranch(world, {});
  const told = heard.told;
  const given = await givenBy(async () => {
    for (let n = 0; n < 12; n++) await producer.send({ n });
    await eventually(
      async () => heard.told,
      (now) => now > told,
    );
  });
  expect(given).toHaveLength(8);
});

test("what goes nowhere and large bodies are claimed by whoever routes them", async () => {
  const unconnected = await makeProducer(world);
  expect(await givenBy(() => unconnected.send({ n: 1 }))).toEqual([]);
  const producer = await makeBranch(world, {});
  expect(await givenBy(() => producer.send({ text: "x".repeat(20_000) }))).toEqual([]);
});

test("nobody claims it for a second, and whoever is told of it too late routes nothing twice", async () => {
  const branch = await makeBranch(world, {});
  await unclaimed();
  const lost = await givenBy(() => branch.send({ n: 1 }));
  expect(lost).toHaveLength(1);
  const atMs = performance.now();
  expect(await unclaimed()).toEqual([]);
  const { router, log } = world.worker;
  const routing = startRoutingLoop(router, log);
  const events = await eventually(
    () => {
      routing.nudge();
      return world.events(branch.id);
    },
    (rows) => rows.length === 1,
  );
  expect(performance.now() - atMs).toBeGreaterThan(TOLD_CLAIM_MS / 2);
  for (const handOff of lost) await routing.take(handOff);
  expect(await world.events(branch.id)).toEqual(events);
  await routing.stop();
});

test("it is routed at once and without a statement that claims or reads", async () => {
  const branch = await makeBranch(world, { rules: [{ type: "filter", body: { n: 1 } }] });
  const { router, log } = world.worker;
  const names: (string | undefined)[] = [];
  const noting = (...input: Parameters<typeof router.pool.query>) => {
    names.push((input[0] as { name?: string }).name);
    return router.pool.query(...input);
  };
  const pool = Object.assign(Object.create(router.pool), { query: noting });
  const routing = startRoutingLoop({ ...router, pool }, log);
  await eventually(
    async () => names.length,
    (count) => count > 0,
  );
  names.length = 0;
  for (const handOff of await givenBy(() => branch.send({ n: 1 }))) await routing.take(handOff);
  expect(await world.events(branch.id)).toHaveLength(1);
  expect(names).toEqual(["take-hand-offs"]);
  await routing.stop();
});

test("what is in hand when a worker stops is routed before its end", async () => {
  const branch = await makeBranch(world, {});
  const routing = startRoutingLoop(world.worker.router, world.worker.log);
  const given = await givenBy(() => branch.send({ n: 1 }));
  const taken = given.map((handOff) => routing.take(handOff));
  await routing.stop();
  await Promise.all(taken);
  expect(await world.events(branch.id)).toHaveLength(1);
});

test("a gateway that was there before its database gives to those who hear", async () => {
  const branch = await makeBranch(world, {});
  relay.set({ kind: "refuse" });
  const { lines, log } = keepLog("warn");
  const starting = startGateway({ databaseUrl: throughPort(world.env.databaseUrl, relay.port), egressAllow: "", log });
  await eventually(
    async () => lines.length,
    (count) => count > 0,
  );
  relay.heal();
  await using gateway = await starting;
  const given = heard.given.length;
  await eventually(
    async () => {
      await fetch(gateway.url + new URL(branch.url).pathname, { method: "POST", body: "{}" });
      return heard.given.length;
    },
    (now) => now > given,
  );
});

/** From the end of the locks: the life of the claim, the longest wait for a poll, and what a busy machine adds. */
const LATEST_MS = TOLD_CLAIM_MS + 2_000 + 2_000;

test("what a worker had in hand when it was killed is routed by another, once", async () => {
  // From here on the other process alone hears.
  await hearing.stop();
  const branch = await makeBranch(world, {});
  const databaseUrl = throughPort(world.env.databaseUrl, relay.port);
  const worker = spawnWorker({ ...world, env: { ...world.env, databaseUrl } });
  const hasEnded = once(worker, "exit");
  const routing = startRoutingLoop(world.worker.router, world.worker.log);
  const holder = await world.pool.connect();
  try {
    let sent = 0;
    let sentAtMs = 0;
    const isTold = async () => {
      await eventually(
        () => world.events(branch.id),
        ({ length }) => length === sent,
      );
      // Nobody ends the route of what is sent now.
      await holder.query("begin; lock table event in exclusive mode");
      sentAtMs = performance.now();
      const requestId = await branch.send({ n: sent++ });
      const told = await world.all(
        "select from hand_off where claimed_until is not null and claimed_by is null and requests #>> '{0,1}' = $1",
        [requestId],
      );
      if (told.length === 0) await holder.query("rollback");
      return told.length > 0;
    };
    await eventually(isTold, Boolean);
    const routers =
      "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'copy event %'";
    await eventually(
      () => world.all(routers),
      ({ length }) => length === 1,
    );
    worker.kill("SIGKILL");
    await hasEnded;
    // Its statement is with Postgres already, which would commit it.
    await world.all(`select pg_terminate_backend(pid) from (${routers}) as r`);
    await holder.query("rollback");
    const freedAtMs = performance.now();
    const events = await eventually(
      () => world.events(branch.id),
      ({ length }) => length === sent,
    );
    const routedAtMs = performance.now();
    expect(routedAtMs - sentAtMs).toBeGreaterThan(TOLD_CLAIM_MS / 2);
    expect(routedAtMs - freedAtMs).toBeLessThan(LATEST_MS);
    expect(new Set(events.map(({ request_id }) => request_id)).size).toBe(sent);
    expect(await world.all("select id from hand_off where requests #>> '{0,2}' = $1", [branch.sourceId])).toEqual([]);
    const counted = "select sum(event_count)::int as n from rollup_minute where connection_id = $1";
    expect(await world.all(counted, [branch.id])).toEqual([{ n: sent }]);
  } finally {
    worker.kill("SIGKILL");
    holder.release(true);
    await routing.stop();
  }
});

test("a worker whose routing fails is given no more until something has gone through", async () => {
  // It claims nothing that other tests have left.
  await world.all("delete from hand_off");
  const { router } = world.worker;
  const seen: (string | undefined)[] = [];
  let isAway = false;
  const asked = (...input: Parameters<typeof router.pool.query>) => {
    seen.push((input[0] as { name?: string }).name);
    if (!isAway) return router.pool.query(...input);
    // As a pool says that gets no connection.
    const error = new Error("timeout exceeded when trying to connect");
    const done: unknown = input.at(-1);
    return typeof done === "function" ? done(error) : Promise.reject(error);
  };
  const pool = Object.assign(Object.create(router.pool), { query: asked });
  const routing = startRoutingLoop({ ...router, pool }, keepLog("warn").log);
  const hasAsked = () =>
    eventually(
      async () => seen.length,
      (count) => count > 0,
    );
  await hasAsked();
  seen.length = 0;
  isAway = true;
  const taken = routing
    .take({ id: "0", configVersion: 0n, requests: [], marks: [] })
    .then(() => seen.push("given back"));
  await hasAsked();
  // What follows from the failure at once has followed.
  await new Promise(setImmediate);
  expect(seen).toEqual(["take-hand-offs"]);
  isAway = false;
  await taken;
  expect(seen[1]).toBe("claim-hand-offs");
  expect(seen.at(-1)).toBe("given back");
  await routing.stop();
});
