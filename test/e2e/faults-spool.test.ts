// The spool on real NATS servers, while Postgres, one of the servers and a gateway are killed. `SPOOL_AWAY_SECONDS=15` is the long form.
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect as connectToNats } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnv } from "#server/env.ts";
import { readSpool } from "#server/env-spool.ts";
import { lookAtSpool } from "#server/spool/look-at-spool.ts";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { acknowledged, exceptions, expectAllDelivered, settled } from "#test/support/invariants.ts";
import { type Answer, startLoad } from "#test/support/load.ts";
import { findNatsServer, startNats } from "#test/support/nats.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { callApi, connect, type RoleProcess } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

const binary = findNatsServer();
if (!binary)
  console.warn("NOT RUN: the spool on real servers. Put nats-server on the PATH, or name it by NATS_SERVER_BIN.");

const AWAY_MS = Number(childEnv({}).SPOOL_AWAY_SECONDS ?? 2.5) * 1_000;
const NOBODY: ReadonlySet<string> = new Set();

describe.skipIf(!binary)("with a spool", () => {
  let system: System;
  let nats: Awaited<ReturnType<typeof startNats>>;
  let gateway: RoleProcess;
  const startGateway = (url?: string) => system.startGateway(url, { SPOOL_URL: nats.url, LOG_LEVEL: "info" });
  beforeAll(async () => {
    [system, nats] = await Promise.all([startSystem(), startNats(binary ?? "", 3)]);
    [gateway] = await Promise.all([startGateway(), system.startWorker()]);
    await eventually(
      () => figures(),
      ({ up }) => up === 1,
    );
  });
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await nats?.[Symbol.asyncDispose]();
  });

  async function figures(): Promise<Record<string, number>> {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/^switchyard_spool_(\w+) (\S+)$/gm)].map(([, name, value]) => [name ?? "", Number(value)]),
    );
  }

  const drained = () => eventually(figures, ({ messages, active }) => messages === 0 && active === 0, 30_000);

  /** As the doctor sees them. */
  async function replicasSeen() {
    const settings = readSpool(nats.url);
    if (!settings) throw new Error(`${nats.url} is no spool.`);
    const { away, stream } = await lookAtSpool(settings, undefined);
    return stream.kind === "there"
      ? { away, replicas: stream.replicas, current: stream.currentReplicas }
      : { away, replicas: 0, current: 0 };
  }

  const wire = async (name: string, config: object = {}) => {
    const receiver = await startReceiver();
    const destination = { name: `${name}-destination`, config: { url: receiver.url, ...config } };
    return { receiver, wiring: await connect(gateway, { name, destination }) };
  };

  const longestGapMs = (answers: Answer[]) => {
    const at = acknowledged(answers).map(({ sentAtMs, tookMs }) => sentAtMs + tookMs);
    at.sort((a, b) => a - b);
    return Math.max(...at.slice(1).map((ms, i) => ms - (at[i] ?? 0)));
  };

  const tell = (what: string, answers: Answer[], spooled: number) => {
    const fine = acknowledged(answers).length;
    console.log(
      `${what}: ${fine} of ${answers.length} answered 200, ${spooled} spooled, longest gap ${Math.round(longestGapMs(answers))} ms`,
    );
  };

  test("the door goes on without the database, keeps the order of a sender, and each request is stored once", async () => {
    const { receiver, wiring } = await wire("away");
    const ordered = await wire("away-in-order", { ordering: "fifo" });
    await using load = startLoad({ urls: [`${gateway.url}${wiring.path}`], maxRequests: 20_000, maxMs: 60_000 });
    await using inOrder = startLoad({
      urls: [`${gateway.url}${ordered.wiring.path}`],
      concurrency: 1,
      maxRequests: 5_000,
      maxMs: 60_000,
    });
    await load.acknowledged(100);
    await system.postgres.kill();
    await sleep(AWAY_MS);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect(await figures()).toMatchObject({ up: 1, active: 1 });
    await system.postgres.restart();
    await load.acknowledged(200);
    await drained();
    const answers = await load.end();
    const orderedAnswers = await inOrder.end();
    const { stored_total: spooled = 0, drained_total } = await figures();
    tell("database away", answers, spooled);
    expect(exceptions([...answers, ...orderedAnswers], ({ status }) => status === 200)).toEqual([]);
    expect(spooled).toBeGreaterThan(20);
    expect(drained_total).toBe(spooled);
    expect(longestGapMs(answers)).toBeLessThan(2_500);
    // The sums of charts are compared when nothing more is counted.
    await settled(system, ordered.wiring, 60_000);
    const told = { again: NOBODY, patienceMs: 30_000 };
    await expectAllDelivered(system, wiring, { answers, receipts: receiver.receipts, ...told });
    await expectAllDelivered(system, ordered.wiring, {
      answers: orderedAnswers,
      receipts: ordered.receiver.receipts,
      ...told,
    });
    const numbers = ordered.receiver.receipts.map(({ body }) => JSON.parse(body.toString()).n as number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    await receiver[Symbol.asyncDispose]();
    await ordered.receiver[Symbol.asyncDispose]();
  });

  test("also when one of its servers is killed meanwhile", async () => {
    const { receiver, wiring } = await wire("node-killed");
    const { stored_total: before = 0 } = await figures();
    await using load = startLoad({ urls: [`${gateway.url}${wiring.path}`], maxRequests: 20_000, maxMs: 60_000 });
    await load.acknowledged(100);
    await system.postgres.kill();
    await sleep(AWAY_MS / 2);
    await nats.nodes[0]?.kill();
    await sleep(AWAY_MS);
    expect(await eventually(replicasSeen, ({ current }) => current === 2)).toEqual({
      ...{ away: [nats.nodes[0]?.url], replicas: 3, current: 2 },
    });
    await system.postgres.restart();
    await load.acknowledged(200);
    await nats.nodes[0]?.start();
    await drained();
    const answers = await load.end();
    const { stored_total: after = 0 } = await figures();
    tell("and one NATS node killed", answers, after - before);
    // Where it led the stream the others choose another leader, which takes them up to 10 s.
    expect(exceptions(answers, ({ status }) => status === 200 || status === 503)).toEqual([]);
    expect(longestGapMs(answers)).toBeLessThan(12_000);
    expect(after - before).toBeGreaterThan(20);
    await expectAllDelivered(system, wiring, {
      answers,
      receipts: receiver.receipts,
      again: NOBODY,
      patienceMs: 30_000,
    });
    await receiver[Symbol.asyncDispose]();
  });

  test("what a killed gateway had put there is stored by the next one, and nobody can read it meanwhile", async () => {
    const { receiver, wiring } = await wire("gateway-killed");
    const canary = "canary-of-a-body";
    await using load = startLoad({
      urls: [`${gateway.url}${wiring.path}`],
      maxRequests: 20_000,
      maxMs: 60_000,
      body: (n) => Buffer.from(JSON.stringify({ n, canary })),
      headers: { "x-canary": "canary-of-a-header" },
    });
    await load.acknowledged(100);
    await system.postgres.kill();
    await sleep(Math.max(2_000, AWAY_MS / 2));
    await gateway.kill();
    const files = await nats.files();
    expect(files.includes(Buffer.from("spool.tm_default"))).toBe(true);
    for (const word of [canary, "canary-of-a-header", wiring.sourceId]) expect(files.includes(word)).toBe(false);
    const replaced = startGateway(gateway.url);
    await sleep(AWAY_MS / 2);
    await system.postgres.restart();
    const log = gateway.output();
    gateway = await replaced;
    await load.acknowledged(100);
    await drained();
    const answers = await load.end();
    const { drained_total = 0 } = await figures();
    tell("and the gateway killed meanwhile", answers, drained_total);
    expect(drained_total).toBeGreaterThan(0);
    expect(exceptions(answers, ({ status }) => [200, 503, 0].includes(status))).toEqual([]);
    await expectAllDelivered(system, wiring, {
      answers,
      receipts: receiver.receipts,
      again: NOBODY,
      patienceMs: 30_000,
    });
    expect(log).toContain("requests go to the spool");
    expect(log).toContain("requests are stored directly");
    expect(`${log}${gateway.output()}`).not.toContain(nats.password);
    await receiver[Symbol.asyncDispose]();
  });

  test("what does not fit is refused, and a team leaves room for the others", async () => {
    const { url } = await callApi<{ url: string }>(gateway, "POST", "/sources", {
      name: "large",
      config: { body_limit_bytes: 4 * 1024 * 1024 },
    });
    const send = async (bytes: number) =>
      (await fetch(`${gateway.url}${new URL(url).pathname}`, { method: "POST", body: Buffer.alloc(bytes, "x") }))
        .status;
    expect(await send(100)).toBe(200);
    await system.postgres.kill();
    // The stream has room for 16 MiB: 8 for one team, and none for a body of 2.
    const statuses = await Promise.all([2_000_000, ...Array(12).fill(900_000)].map(send));
    expect(statuses[0]).toBe(503);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(3);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(6);
    await system.postgres.restart();
    await drained();
  });

  test("a gateway whose spool is full and whose database is away says that it is not ready", async () => {
    const { receiver, wiring } = await wire("full");
    // A gateway that has not heard of the source yet could not take anything for it without the database.
    expect((await fetch(`${gateway.url}${wiring.path}`, { method: "POST", body: "{}" })).status).toBe(200);
    await system.postgres.kill();
    // Somebody else's bytes: they do not open, and stay.
    const connection = await connectToNats(nats.login);
    const jsm = await jetstreamManager(connection);
    const fill = async (): Promise<unknown> => {
      for (;;) await jetstream(connection).publish("spool.others", Buffer.alloc(500_000));
    };
    await expect(fill()).rejects.toThrow("maximum bytes exceeded");
    const ready = async () => (await fetch(`${gateway.url}/readyz`)).status;
    expect(await ready()).toBe(200);
    const body = Buffer.alloc(600_000, "x");
    expect((await fetch(`${gateway.url}${wiring.path}`, { method: "POST", body })).status).toBe(503);
    expect(await ready()).toBe(503);
    await jsm.streams.purge("spool", { filter: "spool.others" });
    // A balancer sends nothing to it until it is ready again.
    await eventually(ready, (status) => status === 200);
    expect((await fetch(`${gateway.url}${wiring.path}`, { method: "POST", body: "{}" })).status).toBe(200);
    // Nor is it full at the next outage, before which nobody has tried again.
    await expect(fill()).rejects.toThrow("maximum bytes exceeded");
    expect((await fetch(`${gateway.url}${wiring.path}`, { method: "POST", body })).status).toBe(503);
    await jsm.streams.purge("spool", { filter: "spool.others" });
    await connection.close();
    await system.postgres.restart();
    await drained();
    await system.postgres.kill();
    expect(await ready()).toBe(200);
    await system.postgres.restart();
    await drained();
    await receiver[Symbol.asyncDispose]();
  });

  test("without the database and the spool senders get a 503 in time", async () => {
    const { receiver, wiring } = await wire("both-away");
    await Promise.all([system.postgres.kill(), ...nats.nodes.map((node) => node.kill())]);
    const startedAtMs = performance.now();
    const answer = await fetch(`${gateway.url}${wiring.path}`, { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(performance.now() - startedAtMs).toBeLessThan(8_000);
    await Promise.all([system.postgres.restart(), ...nats.nodes.map((node) => node.start())]);
    expect(await gateway.stop()).toBe(0);
    await receiver[Symbol.asyncDispose]();
  });
});
