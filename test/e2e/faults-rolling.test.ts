// Two gateways and two workers over one database: they may be replaced one by one, and agree on who was first.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { exceptions, expectAllDelivered, expectCountersEqualRows, settled } from "#test/support/invariants.ts";
import { startLoad } from "#test/support/load.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { connect, type RoleProcess, type Wiring } from "#test/support/system.ts";

let system: System;
let gateways: RoleProcess[];
let workers: RoleProcess[];

beforeAll(async () => {
  system = await startSystem();
  gateways = await Promise.all([system.startGateway(), system.startGateway()]);
  workers = await Promise.all([system.startWorker(), system.startWorker()]);
});
afterAll(() => system?.[Symbol.asyncDispose]());

const anyGateway = () => gateways[0] as RoleProcess;
const urlsOf = (wiring: Wiring) => gateways.map(({ url }) => `${url}${wiring.path}`);
const count = async (text: string, id: string) => Number((await system.pool.query(text, [id])).rows[0].count);

test("a rolling restart by SIGTERM fails no request and delivers nothing twice", async () => {
  await using receiver = await startReceiver();
  const wiring = await connect(anyGateway(), {
    name: "rolling",
    destination: { name: "rolling-destination", config: { url: receiver.url } },
  });
  await using load = startLoad({ urls: urlsOf(wiring), maxRequests: 10_000, maxMs: 60_000 });
  await load.acknowledged(100);
  for (const [i, gateway] of gateways.entries()) {
    expect(await gateway.stop()).toBe(0);
    gateways[i] = await system.startGateway(gateway.url);
    await load.acknowledged(50);
  }
  for (const [i, worker] of workers.entries()) {
    expect(await worker.stop()).toBe(0);
    workers[i] = await system.startWorker();
    await load.acknowledged(50);
  }
  const answers = await load.end();
  expect(exceptions(answers, ({ status }) => status === 200)).toEqual([]);
  await expectAllDelivered(system, wiring, {
    answers,
    receipts: receiver.receipts,
    again: new Set(),
    patienceMs: 10_000,
  });
  expect(receiver.receipts.length).toBe(answers.length);
});

describe("a hundred at once over two gateways", () => {
  test("copies within a deduplicate window make one event", async () => {
    await using receiver = await startReceiver();
    const wiring = await connect(anyGateway(), {
      name: "copies",
      rules: [{ type: "deduplicate", window: 60_000, include_fields: ["body"] }],
      destination: { name: "copies-destination", config: { url: receiver.url } },
    });
    const body = () => Buffer.from('{"order":1}');
    const answers = await startLoad({ urls: urlsOf(wiring), maxRequests: 100, concurrency: 100, body }).done;
    expect(exceptions(answers, ({ status, isDuplicate }) => status === 200 && !isDuplicate)).toEqual([]);
    const events = await settled(system, wiring, 10_000);
    expect(events).toMatchObject([{ status: "DELIVERED", attempts: 1 }]);
    const ignored = "select count(*) from ignored_event where connection_id = $1 and cause = 'DEDUPLICATED'";
    expect(await count(ignored, wiring.connectionId)).toBe(99);
    expect(receiver.receipts.length).toBe(1);
    await expectCountersEqualRows(system, wiring);
  });

  test("the same provider event is routed once and answered 200 each time", async () => {
    await using receiver = await startReceiver();
    const wiring = await connect(anyGateway(), {
      name: "provider",
      source: {
        name: "provider-source",
        type: "GITHUB",
        config: { auth: { secret: "the secret of a hook" } },
      },
      destination: { name: "provider-destination", config: { url: receiver.url } },
    });
    const body = Buffer.from('{"action":"opened"}');
    const signature = createHmac("sha256", "the secret of a hook").update(body).digest("hex");
    const answers = await startLoad({
      urls: urlsOf(wiring),
      maxRequests: 100,
      concurrency: 100,
      body: () => body,
      headers: {
        "x-github-event": "issues",
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "x-hub-signature-256": `sha256=${signature}`,
      },
    }).done;
    expect(exceptions(answers, ({ status }) => status === 200)).toEqual([]);
    expect(answers.filter(({ isDuplicate }) => !isDuplicate).length).toBe(1);
    expect(await settled(system, wiring, 10_000)).toMatchObject([{ status: "DELIVERED", attempts: 1 }]);
    expect(receiver.receipts.length).toBe(1);
    expect(await count("select count(*) from request where source_id = $1", wiring.sourceId)).toBe(100);
    await expectCountersEqualRows(system, wiring);
  });
});

test("a worker that is told to stop while the database is away stops in good order", async () => {
  await using other = await startSystem();
  const worker = await other.startWorker();
  await other.postgres.stop();
  expect(await worker.stop()).toBe(0);
  expect(worker.output()).toContain("The database was away when the worker stopped");
});
