// Another cluster becomes the primary: by a promotion under load, and while the address of the database still leads to the old one.
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventOf, exceptions, expectAllDelivered } from "#test/support/invariants.ts";
import { startLoad } from "#test/support/load.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { type ReplicatedPostgres, startReplicatedPostgres } from "#test/support/replicated-postgres.ts";
import { connect, type RoleProcess, startRolesOn } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

let postgres: ReplicatedPostgres;
let pool: pg.Pool;
let roles: Awaited<ReturnType<typeof startRolesOn>>;
let gateway: RoleProcess;
let worker: RoleProcess;
beforeAll(async () => {
  postgres = await startReplicatedPostgres({ hasThird: true });
  pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on("error", () => {});
  roles = await startRolesOn(postgres.url);
  [gateway, worker] = await Promise.all([roles.startGateway(), roles.startWorker()]);
});
afterAll(async () => {
  await pool?.end();
  await roles?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

test("a promotion under load loses nothing, sends nothing twice, and the door is back within a second of it", async () => {
  await using receiver = await startReceiver();
  const wiring = await connect(gateway, {
    name: "promoted",
    destination: { name: "promoted-destination", config: { url: receiver.url } },
  });
  await using load = startLoad({ urls: [`${gateway.url}${wiring.path}`], maxRequests: 5_000, maxMs: 60_000 });
  await load.acknowledged(200);
  // Routing waits for no standby (docs/decisions/010). A branch that none has is routed and sent again.
  const unknown = new Set(["nothing was looked at"]);
  const promotedAtMs = await postgres.promote(async (primary) => {
    const { receipts } = receiver;
    unknown.clear();
    for (const receipt of receipts) unknown.add(eventOf(receipt));
    for (const { id } of await primary.query("select id from event")) unknown.delete(id);
  });
  await load.acknowledged(1);
  expect(performance.now() - promotedAtMs).toBeLessThan(1_000);
  await load.acknowledged(200);
  const answers = await load.end();
  expect(exceptions(answers, ({ status }) => status === 200 || status === 503)).toEqual([]);
  expect(unknown.size).toBeLessThan(5);
  await expectAllDelivered({ pool }, wiring, {
    answers,
    receipts: receiver.receipts,
    again: unknown,
    patienceMs: 20_000,
  });
  // A commit that the other standby does not have was not acknowledged either.
  await eventually(
    () => postgres.standby().query(`select count(*)::int as count from request where source_id = '${wiring.sourceId}'`),
    ([{ count }]) => count >= answers.filter(({ status }) => status === 200).length,
  );
});

const EVENTS = 20;

test("no result is thrown away, nothing is sent or stored twice, and every connection moves", async () => {
  const mayAnswer = Promise.withResolvers<void>();
  await using receiver = await startReceiver(async () => {
    await mayAnswer.promise;
    return {};
  });
  const wiring = await connect(gateway, {
    name: "switched",
    destination: { name: "switched-destination", config: { url: receiver.url, timeout_ms: 60_000 } },
  });
  const post = (rest: string) => fetch(`${gateway.url}${wiring.path}${rest}`, { method: "POST", body: "{}" });
  for (let n = 0; n < EVENTS; n++) expect((await post(`/${n}`)).status).toBe(200);
  await receiver.received(EVENTS);

  const [old, next] = [postgres.primary(), postgres.standby()];
  await old.stop();
  await next.promote();
  await old.follow(next);
  await old.start();
  // The results come in now, and so does a request, and all that they meet is a standby.
  mayAnswer.resolve();
  const refused = await post("/refused");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);

  postgres.leadTo(next);
  const events = await eventually(
    () => next.query(`select status, attempts from event where connection_id = '${wiring.connectionId}'`),
    (rows) => rows.every(({ status }) => status === "DELIVERED"),
  );
  expect(events).toEqual(Array(EVENTS).fill({ status: "DELIVERED", attempts: 1 }));
  expect((await post("/after")).status).toBe(200);
  await receiver.received(EVENTS + 1, 30_000);
  expect(receiver.receipts.length).toBe(EVENTS + 1);
  expect(await next.query("select id from request where path = '/refused'")).toEqual([]);
  const left = await old.query(
    "select application_name from pg_stat_activity where application_name like 'switchyard%'",
  );
  expect(left).toEqual([]);
  expect(`${gateway.output()}${worker.output()}`).not.toMatch(/could not be stored|"level":"(error|fatal)"/);
});
