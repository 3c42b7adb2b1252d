import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePool } from "#server/database/db.ts";
import { takeOfRates } from "#server/ingest/source-rate.sql.ts";
import { makeLog } from "#server/process/log.ts";
import { testSource } from "#server/resources/source-test.ts";
import { createSource, deleteSource, getSource, updateSource } from "#server/resources/sources.ts";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { startGateway } from "#test/support/gateway.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
let second: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  world = await createWorld({ withWorker: false, publicGatewayUrl: "own" });
  const { databaseUrl } = world.env;
  second = await startGateway({ databaseUrl, egressAllow: "", log: makeLog("test", "warn") });
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const limited = (rate_limit: number, rate_limit_period: "second" | "minute" | "hour" = "hour", config = {}) =>
  makeProducer(world, { config: { rate_limit, rate_limit_period, ...config } });
/** Posts to the source, at the doors in turns. */
const postMany = async ({ url }: Producer, count: number, doors = [world.doorUrl]) => {
  const { pathname } = new URL(url);
  const answers = await Promise.all(
    Array.from({ length: count }, (_, i) => fetch(doors[i % doors.length] + pathname, { method: "POST", body: "{}" })),
  );
  return answers.map(({ status }) => status);
};
const countOf = (statuses: number[], status: number) => statuses.filter((each) => each === status).length;

test("over its limit a source answers 429, says when it takes more, and keeps the evidence and the count", async () => {
  const producer = await limited(2);
  expect(await postMany(producer, 2)).toEqual([200, 200]);
  const answers = [await producer.post('{"a":1}'), await producer.post('{"a":1}')];
  for (const answer of answers) {
    expect(answer.status).toBe(429);
    const seconds = Number(answer.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(3_590);
    // The end of the slot, of which an hour has a hundred.
    expect(seconds).toBeLessThanOrEqual(3_600 + 37);
    expect(await answer.json()).toEqual({
      error: {
        code: "RATE_LIMITED",
        message: `This source takes at most 2 requests per hour. Send it again in ${seconds} s.`,
      },
    });
  }
  expect((await world.requests(producer.sourceId)).map((row) => row.rejection_cause)).toEqual([
    "NO_CONNECTION",
    "NO_CONNECTION",
    "RATE_LIMITED",
    "RATE_LIMITED",
  ]);
  expect(
    await world.all(
      "select accepted_count, rejected_count, rejected_rate_count, signature_failure_count from rollup_minute where source_id = $1",
      [producer.sourceId],
    ),
  ).toEqual([{ accepted_count: 2, rejected_count: 2, rejected_rate_count: 2, signature_failure_count: 0 }]);
});

test("of a flood at two gateways exactly the limit is taken, whichever of them it comes to", async () => {
  const producer = await limited(100);
  const statuses = await postMany(producer, 400, [world.doorUrl, second.url]);
  expect([countOf(statuses, 200), countOf(statuses, 429)]).toEqual([100, 300]);
  expect(await postMany(producer, 4, [second.url, world.doorUrl])).toEqual([429, 429, 429, 429]);
});

test("no window of its period holds more than the limit, and what is refused is taken after the wait that it is told", async () => {
  const producer = await limited(20, "second");
  const until = performance.now() + 2_500;
  let taken = 0;
  const senders = Array.from({ length: 4 }, async (_, i) => {
    const door = [world.doorUrl, second.url][i % 2] + new URL(producer.url).pathname;
    while (performance.now() < until) {
      const answer = await fetch(door, { method: "POST", body: "{}" });
      if (answer.status === 200) taken++;
      else expect(answer.headers.get("retry-after")).toMatch(/^[12]$/);
    }
  });
  await Promise.all(senders);
  const rows = await world.all<{ at: number }>(
    "select extract(epoch from created_at)::float8 * 1000 as at from request where source_id = $1 and status = 'accepted' order by 1",
    [producer.sourceId],
  );
  const times = rows.map(({ at }) => at);
  // A request has come a little before it is counted.
  for (let i = 20; i < times.length; i++) expect(Number(times[i]) - Number(times[i - 20])).toBeGreaterThan(900);
  // Three windows have begun, and none of the first two is left unused.
  expect(taken).toBeGreaterThan(40);

  const answer = await producer.post("{}");
  await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get("retry-after")) * 1_000));
  expect((await producer.post("{}")).status).toBe(200);
});

test("requests that prove nothing use up nothing of the limit", async () => {
  const secret = "s3cret-of-the-owner";
  const producer = await limited(2, "hour", { auth_type: "HMAC", auth: { secret, signature_header: "x-signature" } });
  const signature = createHmac("sha256", secret).update("{}").digest("hex");
  for (let i = 0; i < 5; i++) expect((await producer.post("{}", { "x-signature": "00" })).status).toBe(401);
  expect((await producer.post("{}", { "x-signature": signature })).status).toBe(200);
  for (let i = 0; i < 5; i++) expect((await producer.post("{}")).status).toBe(401);
  expect((await producer.post("{}", { "x-signature": signature })).status).toBe(200);
  expect((await producer.post("{}", { "x-signature": signature })).status).toBe(429);
});

test("once its limit is reached a source refuses before a body has come, and asks the database no more", async () => {
  const producer = await limited(1);
  expect(await postMany(producer, 2)).toContain(429);
  const before = await world.all("select slot_ends, counts, xmin::text from source_rate where source_id = $1", [
    producer.sourceId,
  ]);
  const { port, pathname } = new URL(producer.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 429 /);
  expect(countOf(await postMany(producer, 10), 429)).toBe(10);
  expect(
    await world.all("select slot_ends, counts, xmin::text from source_rate where source_id = $1", [producer.sourceId]),
  ).toEqual(before);
});

test("a changed limit applies at once, and what was taken before still counts", async () => {
  const producer = await limited(1);
  expect(await postMany(producer, 1)).toEqual([200]);
  expect(await postMany(producer, 1)).toEqual([429]);
  await updateSource(world.ctx, { id: producer.sourceId, config: { rate_limit: 3 } });
  await world.config.upToDate();
  expect((await postMany(producer, 4)).sort()).toEqual([200, 200, 429, 429]);
  await updateSource(world.ctx, { id: producer.sourceId, config: { rate_limit: null } });
  await world.config.upToDate();
  expect(await postMany(producer, 3)).toEqual([200, 200, 200]);
  // A limit below what was taken: it opens when enough of that is forgotten, not when the first of it is.
  const pool = makePool(world.env.databaseUrl, "test", 1);
  await pool.query("update source_rate set slot_ends = $2, counts = '{2,1}' where source_id = $1", [
    producer.sourceId,
    [Date.now() - 30_000, Date.now() - 10_000],
  ]);
  const ask = { sourceId: producer.sourceId, limit: 1, periodMs: 60_000, wanted: 1 };
  const answer = (await takeOfRates(pool, [ask])).get(producer.sourceId);
  expect(answer?.granted).toBe(0);
  expect(Math.round(Number(answer?.waitMs) / 1_000)).toBe(50);
  await pool.end();
});

test("a test from here is neither counted nor refused", async () => {
  const { id } = await createSource(world.ctx, { name: "tried", config: { rate_limit: 1, rate_limit_period: "hour" } });
  for (let i = 0; i < 3; i++) {
    const { answer } = await testSource(world.ctx, { id, route: false });
    expect(answer).toMatchObject({ outcome: "accepted", status: 200 });
  }
  expect(await world.all("select * from source_rate where source_id = $1", [id])).toEqual([]);
});

test("a limit is saved, merged and taken off; a bad one is refused by its field; its count goes with its source", async () => {
  const { sourceId: id } = await limited(5, "minute");
  expect((await updateSource(world.ctx, { id, config: { body_limit_bytes: 100 } })).config).toMatchObject({
    rate_limit: 5,
    rate_limit_period: "minute",
  });
  await expect(updateSource(world.ctx, { id, config: { rate_limit: 0 } })).rejects.toMatchObject({
    issues: [{ path: "config.rate_limit" }],
  });
  // Saved by a release that knew no limits.
  await world.pool.query("update source set config = config - 'rate_limit' - 'rate_limit_period' where id = $1", [id]);
  expect((await getSource(world.ctx, { id })).config).toMatchObject({ rate_limit: null, rate_limit_period: "minute" });
  await updateSource(world.ctx, { id, config: { rate_limit: 5 } });
  await takeOfRates(world.pool, [{ sourceId: id, limit: 5, periodMs: 1_000, wanted: 1 }]);
  await deleteSource(world.ctx, { id });
  expect(await world.all("select * from source_rate where source_id = $1", [id])).toEqual([]);
  expect(await takeOfRates(world.pool, [{ sourceId: id, limit: 5, periodMs: 1_000, wanted: 1 }])).toEqual(new Map());
});
