// The standby becomes the primary while the address of the database still leads to the old one, which only reads by now.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startReceiver } from "#test/support/receiver.ts";
import { type ReplicatedPostgres, startReplicatedPostgres } from "#test/support/replicated-postgres.ts";
import { connect, type RoleProcess, startRolesOn } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

let postgres: ReplicatedPostgres;
let roles: Awaited<ReturnType<typeof startRolesOn>>;
let gateway: RoleProcess;
let worker: RoleProcess;
beforeAll(async () => {
  postgres = await startReplicatedPostgres();
  roles = await startRolesOn(postgres.url);
  [gateway, worker] = await Promise.all([roles.startGateway(), roles.startWorker()]);
});
afterAll(async () => {
  await roles?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
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

  await postgres.first.stop();
  await postgres.second.promote();
  await postgres.first.follow(postgres.second);
  await postgres.first.start();
  // The results come in now, and so does a request, and all that they meet is a standby.
  mayAnswer.resolve();
  const refused = await post("/refused");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);

  postgres.leadTo(postgres.second);
  const events = await eventually(
    () => postgres.second.query(`select status, attempts from event where connection_id = '${wiring.connectionId}'`),
    (rows) => rows.every(({ status }) => status === "DELIVERED"),
  );
  expect(events).toEqual(Array(EVENTS).fill({ status: "DELIVERED", attempts: 1 }));
  expect((await post("/after")).status).toBe(200);
  await receiver.received(EVENTS + 1, 30_000);
  expect(receiver.receipts.length).toBe(EVENTS + 1);
  expect(await postgres.second.query("select id from request where path = '/refused'")).toEqual([]);
  const left = await postgres.first.query(
    "select application_name from pg_stat_activity where application_name like 'switchyard%'",
  );
  expect(left).toEqual([]);
  expect(`${gateway.output()}${worker.output()}`).not.toMatch(/could not be stored|"level":"(error|fatal)"/);
});
