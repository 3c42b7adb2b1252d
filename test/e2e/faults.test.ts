// Whatever is killed or frozen under load: nothing acknowledged is lost, and what is sent twice was in flight.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { workersAreSilent } from "#test/support/held-statements.ts";
import {
  acknowledged,
  eventOf,
  exceptions,
  expectAllDelivered,
  findInFlight,
  repeated,
} from "#test/support/invariants.ts";
import { type Answer, oddBody, startLoad } from "#test/support/load.ts";
import { type Receipt, type Receiver, startReceiver } from "#test/support/receiver.ts";
import { connect, type RoleProcess, type Wiring } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

let system: System;
let gateway: RoleProcess;
let worker: RoleProcess;

beforeAll(async () => {
  system = await startSystem();
  [gateway, worker] = await Promise.all([system.startGateway(), system.startWorker()]);
});
afterAll(() => system?.[Symbol.asyncDispose]());

/** Of the destination whose worker is frozen. */
const CONCURRENCY = 5;
/** A second load numbers its requests from here: no two bodies are the same. */
const LATE_FROM = 1_000_000;
const NOBODY: ReadonlySet<string> = new Set();
const urlOf = (wiring: Wiring) => `${gateway.url}${wiring.path}`;

const wire = (name: string, receiver: Receiver, config: object = {}) =>
  connect(gateway, { name, destination: { name: `${name}-destination`, config: { url: receiver.url, ...config } } });

const isRefusal = ({ status, retryAfter }: Answer) => status === 503 && Number(retryAfter) > 0;

describe("a kill -9 under load", () => {
  test("of the gateway loses nothing that was acknowledged, and a new one serves within two seconds", async () => {
    await using receiver = await startReceiver();
    const wiring = await wire("gateway-killed", receiver);
    await using load = startLoad({ urls: [urlOf(wiring)], maxRequests: 5_000, maxMs: 20_000 });
    await load.acknowledged(200);
    await gateway.kill();
    const before = acknowledged(load.answers).length;
    const startedAt = performance.now();
    gateway = await system.startGateway(gateway.url);
    await load.acknowledged(1);
    const servedAfterMs = performance.now() - startedAt;
    // Other programs may want the same processors; their turns are not the gateway's time.
    expect(servedAfterMs - (await gateway.readyWaitMs())).toBeLessThan(2_000);
    await load.acknowledged(200);
    const answers = await load.end();
    expect(before).toBeGreaterThanOrEqual(200);
    expect(exceptions(answers, ({ status }) => status === 200 || status === 0)).toEqual([]);
    await expectAllDelivered(system, wiring, {
      answers,
      receipts: receiver.receipts,
      again: NOBODY,
      patienceMs: 20_000,
    });
  });

  test("of a worker only delays: another on its machine goes on within 5 s, and repeats no more than was in flight", async () => {
    await using receiver = await startReceiver(async () => {
      // So long that some are on their way whenever the worker is killed.
      await sleep(300);
      return {};
    });
    const wiring = await wire("worker-killed", receiver);
    await using load = startLoad({ urls: [urlOf(wiring)], maxRequests: 3_000, maxMs: 60_000, pauseMs: 60 });
    await load.acknowledged(150);
    await receiver.received(50);
    await worker.kill();
    const killedAtMs = Date.now();
    await workersAreSilent(system.pool);
    // What left the dead worker has arrived and is written down by now, and its leases keep everybody else away.
    const inFlight = await findInFlight(system, wiring, receiver.receipts);
    const beforeCount = receiver.receipts.length;
    worker = await system.startWorker();
    const receipts = await receiver.received(beforeCount + 1);
    const resumedAfterMs = (receipts[beforeCount]?.atMs ?? Number.POSITIVE_INFINITY) - killedAtMs;
    // The turns of other programs are not the worker's time.
    expect(resumedAfterMs - (await worker.readyWaitMs())).toBeLessThan(5_000);
    const answers = await load.end();
    expect(exceptions(answers, ({ status }) => status === 200)).toEqual([]);
    expect(inFlight.size).toBeGreaterThan(0);
    await expectAllDelivered(system, wiring, {
      answers,
      receipts: receiver.receipts,
      again: inFlight,
      patienceMs: 20_000,
    });
  });

  test("of Postgres is a refusal with Retry-After at the door, and everybody is back 10 s after it", async () => {
    await using receiver = await startReceiver();
    const wiring = await wire("postgres-killed", receiver);
    await using load = startLoad({ urls: [urlOf(wiring)], maxRequests: 5_000, maxMs: 60_000 });
    await load.acknowledged(200);
    const killedAtMs = Date.now();
    await system.postgres.kill();
    // Longer than graphile-worker's and our own polls, so that each of them has met a dead server.
    await sleep(8_000);
    await system.postgres.restart();
    const restartedAtMs = Date.now();
    const arrivedBefore = receiver.receipts.length;
    await load.acknowledged(50);
    expect(Date.now() - restartedAtMs).toBeLessThan(10_000);
    await receiver.received(arrivedBefore + 50);
    expect(Date.now() - restartedAtMs).toBeLessThan(10_000);
    const answers = await load.end();
    const during = answers.filter(({ sentAtMs, status }) => sentAtMs > killedAtMs && status !== 200);
    expect(during.length).toBeGreaterThan(8);
    expect(exceptions(during, isRefusal)).toEqual([]);
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(5_500);
    // Results outlive the server in the worker's memory: what it sent meanwhile it need not send again.
    const again = new Set(repeated(receiver.receipts.filter(({ atMs }) => atMs < restartedAtMs + 10_000)).keys());
    await expectAllDelivered(system, wiring, { answers, receipts: receiver.receipts, again, patienceMs: 30_000 });
  });

  test("of Postgres takes back no event that routing has handed to its lane: it has left once, and is recorded once", async () => {
    const hasLeft = Promise.withResolvers<void>();
    const isBack = Promise.withResolvers<void>();
    await using receiver = await startReceiver(async (_, index) => {
      if (index === 0) return {};
      hasLeft.resolve();
      await isBack.promise;
      return {};
    });
    const wiring = await wire("handed-over", receiver);
    // From here on only commits that wait for the disk bring the log there.
    await system.pool.query("alter system set wal_writer_delay = '10s'");
    await system.pool.query("select pg_reload_conf()");
    const send = (from: number) =>
      startLoad({ urls: [urlOf(wiring)], maxRequests: 1, body: (n) => oddBody(from + n) }).done;
    const answers = await send(0);
    await eventually(
      () =>
        system.pool.query("select from event where connection_id = $1 and status = 'DELIVERED'", [wiring.connectionId]),
      ({ rowCount }) => rowCount === 1,
    );
    // Its lane looks on for a second.
    answers.push(...(await send(1)));
    await hasLeft.promise;
    await system.postgres.kill();
    worker.freeze();
    await system.postgres.restart();
    const eventIds = receiver.receipts.map(eventOf);
    const { rows } = await system.pool.query("select id from event where id = any ($1) order by created_at", [
      eventIds,
    ]);
    worker.thaw();
    isBack.resolve();
    expect(rows.map(({ id }) => id)).toEqual(eventIds);
    await system.pool.query("alter system reset wal_writer_delay");
    await system.pool.query("select pg_reload_conf()");
    await expectAllDelivered(system, wiring, {
      answers,
      receipts: receiver.receipts,
      again: NOBODY,
      patienceMs: 30_000,
    });
  });
});

describe("a freeze", () => {
  test("of the database is refused fast, ends by itself, and stores no request twice", async () => {
    await using receiver = await startReceiver();
    const wiring = await wire("database-frozen", receiver);
    await using load = startLoad({ urls: [urlOf(wiring)], maxRequests: 5_000, maxMs: 60_000, pauseMs: 40 });
    await load.acknowledged(100);
    const frozenAtMs = Date.now();
    await system.postgres.freeze();
    await sleep(1_500);
    // These queue behind a flush that hangs already, and are told in time all the same.
    const urls = [urlOf(wiring)];
    await using late = startLoad({ urls, maxRequests: 4, concurrency: 4, body: (n) => oddBody(LATE_FROM + n) });
    await sleep(8_500);
    system.postgres.thaw();
    const thawedAtMs = Date.now();
    await load.acknowledged(50);
    expect(Date.now() - thawedAtMs).toBeLessThan(10_000);
    const answers = [...(await load.end()), ...(await late.done)];
    const refused = answers.filter(({ sentAtMs, status }) => sentAtMs >= frozenAtMs - 100 && status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(12);
    expect(exceptions(refused, isRefusal)).toEqual([]);
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(5_500);
    const again = new Set(repeated(receiver.receipts).keys());
    await expectAllDelivered(system, wiring, { answers, receipts: receiver.receipts, again, patienceMs: 30_000 });
  });

  test("of a worker past its lease: its late results are kept as attempts and change no state", async () => {
    const firstSeen = Promise.withResolvers<void>();
    const frozen = Promise.withResolvers<void>();
    const seen = new Set<string>();
    const copies = new Map<string, number>();
    // The first copy of the first five is answered with 500 while its worker is frozen, the second with 503, the third is taken.
    const answerTo = async (receipt: Receipt, index: number) => {
      const id = eventOf(receipt);
      const copy = (copies.get(id) ?? 0) + 1;
      copies.set(id, copy);
      if (index < CONCURRENCY) {
        seen.add(id);
        if (seen.size === CONCURRENCY) firstSeen.resolve();
        await frozen.promise;
        return { status: 500 };
      }
      return seen.has(id) && copy === 2 ? { status: 503 } : {};
    };
    await using receiver = await startReceiver(answerTo);
    const wiring = await connect(gateway, {
      name: "worker-frozen",
      rules: [{ type: "retry", strategy: "linear", interval: 6_000, count: 5 }],
      destination: {
        name: "worker-frozen-destination",
        config: { url: receiver.url, concurrency: CONCURRENCY, timeout_ms: 60_000 },
      },
    });
    await using load = startLoad({ urls: [urlOf(wiring)], maxRequests: 20 });
    await firstSeen.promise;
    const answers = await load.done;
    const stale = worker;
    stale.freeze();
    frozen.resolve();
    worker = await system.startWorker();

    const readInFlight = async () =>
      (
        await system.pool.query("select * from event where connection_id = $1 and id = any ($2) order by id", [
          wiring.connectionId,
          [...seen],
        ])
      ).rows;
    const countAttempts = async () =>
      Number(
        (
          await system.pool.query("select count(*) from attempt where event_id = any ($1) and response_status = 500", [
            [...seen],
          ])
        ).rows[0].count,
      );
    // Taken over, tried again, and waiting for the retry after that.
    const waiting = await eventually(
      readInFlight,
      (events) => events.every(({ status, response_status }) => status === "RETRYING" && response_status === 503),
      45_000,
    );
    expect(await countAttempts()).toBe(0);
    stale.thaw();
    await eventually(countAttempts, (count) => count === CONCURRENCY);
    expect(await readInFlight()).toEqual(waiting);
    await expectAllDelivered(system, wiring, { answers, receipts: receiver.receipts, again: seen, patienceMs: 30_000 });
    // The thawed worker sent nothing of what it had read ahead.
    expect(receiver.receipts.length).toBe(20 + 2 * CONCURRENCY);
    await stale.kill();
  });
});
