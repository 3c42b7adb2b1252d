import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Source } from "#server/contracts/source.ts";
import { beat } from "#server/gateway/presence.sql.ts";
import { makeLog } from "#server/process/log.ts";
import { testSource } from "#server/resources/source-test.ts";
import { createSource, disableSource, updateSource } from "#server/resources/sources.ts";
import { startGateway } from "#test/support/gateway.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
let world: World;
let others: Awaited<ReturnType<typeof startGateway>>[];
let doors: string[];

beforeAll(async () => {
  world = await createWorld({ publicGatewayUrl: "own", withWorker: false });
  const gateway = { databaseUrl: world.env.databaseUrl, egressAllow: "", publicGatewayUrl: world.doorUrl };
  const log = makeLog("test", "warn");
  others = [await startGateway({ ...gateway, log }), await startGateway({ ...gateway, log })];
  doors = [world.doorUrl, ...others.map(({ url }) => url)];
});
afterAll(async () => {
  for (const gateway of others) await gateway[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

let made = 0;
const stripe = () =>
  createSource(world.ctx, { name: `known-${++made}`, type: "STRIPE", config: { auth: { secret: SECRET } } });
const run = ({ id }: Source) => testSource(world.ctx, { id, route: false });

async function say(answer: object) {
  const server = createServer((_request, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("a source, on three gateways", () => {
  const send = async (door: string, source: Source, secret: string) => {
    const payload = JSON.stringify({ id: `evt_${Math.random()}`, type: "invoice.paid" });
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
    const headers = { "stripe-signature": signature, "content-type": "application/json" };
    return (await fetch(door + new URL(source.url).pathname, { method: "POST", body: payload, headers })).status;
  };

  test("answers on all of them within a second of being saved, and of each change", async () => {
    const source = await stripe();
    const savedAt = performance.now();
    for (const door of doors) expect(await send(door, source, SECRET)).toBe(200);
    expect(performance.now() - savedAt).toBeLessThan(1_000);

    await updateSource(world.ctx, { id: source.id, config: { auth: { secret: "whsec_the_next_secret_of_it" } } });
    const changedAt = performance.now();
    const statuses = () =>
      Promise.all(
        doors.flatMap((door) => [SECRET, "whsec_the_next_secret_of_it"].map((each) => send(door, source, each))),
      );
    await eventually(statuses, (all) => all.join() === "401,200,401,200,401,200", 1_000);
    expect(performance.now() - changedAt).toBeLessThan(1_000);

    await disableSource(world.ctx, { id: source.id });
    await eventually(statuses, (all) => all.every((status) => status === 403), 1_000);
  });

  test("is known to all of them in its last revision, as a test says", async () => {
    const { id } = await stripe();
    const source = await updateSource(world.ctx, { id, description: "changed" });
    const tested = await run(source);
    expect(tested.revision).toBe(source.updated_at);
    expect(tested.gateways).toHaveLength(3);
    for (const gateway of tested.gateways)
      expect(gateway).toMatchObject({ outcome: "current", revision: source.updated_at });
    expect(tested.gateways.map((gateway) => gateway.id)).toContain(tested.answer.gateway_id);
  });

  test("is told apart where a gateway is behind, knows nothing, or lives and is silent", async () => {
    const source = await stripe();
    const early = "2026-01-01T00:00:00.000Z";
    const ids = ["a", "b", "c", "d"].map((end) => `gtw_0000000000000000000000000${end.toUpperCase()}`);
    await using late = await say({ gateway_id: ids[0], source: { updated_at: early } });
    await using ignorant = await say({ gateway_id: ids[1], source: null });
    await using another = await say({ gateway_id: "gtw_another", source: { updated_at: source.updated_at } });
    const addresses = [late.url, ignorant.url, another.url, "http://127.0.0.1:1"];
    await world.all(
      "insert into gateway_process select id, address, now(), now() from unnest($1::text[], $2::text[]) as g(id, address)",
      [ids, addresses],
    );
    const { gateways } = await run(source);
    await world.all("delete from gateway_process where id = any ($1)", [ids]);
    expect(gateways.filter(({ id }) => ids.includes(id)).map(({ outcome, revision }) => [outcome, revision])).toEqual([
      ["behind", early],
      ["unknown", null],
      ["silent", null],
      ["silent", null],
    ]);
    for (const { detail } of gateways) expect(detail).toMatch(/\.$/);
  });
});

test("a gateway is listed while it lives, at the address that it listens at", async () => {
  const listed = () => world.ctx.app.gateways.live();
  const gateway = { databaseUrl: world.env.databaseUrl, egressAllow: "", log: makeLog("test", "warn") };
  const fourth = await startGateway(gateway);
  const all = await eventually(listed, (live) => live.length === 4);
  expect(all.map(({ address }) => address).sort()).toEqual([...doors, fourth.url].sort());
  await fourth[Symbol.asyncDispose]();
  expect(await listed()).toHaveLength(3);
  await world.all("update gateway_process set beat_at = now() - interval '16 seconds' where address = $1", [doors[2]]);
  expect((await listed()).map(({ address }) => address).sort()).toEqual(doors.slice(0, 2).sort());
});

test("headers are packed as long as there are workers, and every worker and gateway that lives reads them so", async () => {
  const allReadPacked = () => beat(world.pool, "gtw_asks", "http://127.0.0.1:1");
  const goneAre = (ids: string[]) =>
    world.all(
      "with gone as (delete from worker_heartbeat where id = any ($1)) delete from gateway_process where id = any ($1)",
      [ids],
    );
  expect(await allReadPacked()).toBe(false);
  await world.all(
    "insert into worker_heartbeat (id, beat_at, started_at, reads_packed) values ('new', now(), now(), true)",
  );
  expect(await allReadPacked()).toBe(true);
  const older = [
    "insert into worker_heartbeat (id, beat_at, started_at) values ('older', now(), now())",
    "insert into gateway_process (id, address, beat_at, started_at) values ('older', '', now(), now())",
  ];
  for (const text of older) {
    await world.all(text);
    expect(await allReadPacked()).toBe(false);
    await goneAre(["older"]);
    expect(await allReadPacked()).toBe(true);
  }
  await goneAre(["new", "gtw_asks"]);
});
