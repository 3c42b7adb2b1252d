// Files of many events in a bucket: each event stands in one file, once, byte for byte as it came, whatever happens to the
// workers and the store.
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateDestination } from "#server/contracts/destination.ts";
import { makeLog } from "#server/process/log.ts";
import { pauseConnection } from "#server/resources/connections.ts";
import { retryEvent } from "#server/resources/events.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { startObjectStore, type TestStore } from "#test/support/object-store.ts";
import { startWorkerProcess, type WorkerProcess } from "#test/support/worker-process.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
const name = () => `files-${++made}`;
type Config = NonNullable<CreateDestination["config"]>;

async function archive(of: World, store: TestStore, config: Config = {}) {
  const producer = await makeProducer(of);
  const all = {
    ...store.config,
    format: "ndjson" as const,
    batch_wait_ms: 1_000,
    key: "{connection}/{batch_id}.ndjson",
  };
  const destination = { name: name(), type: "S3" as const, config: { ...all, ...config } };
  const connection = await of.connect({ name: name(), source_id: producer.sourceId, destination });
  const settled = (status: string, count: number, patienceMs?: number) =>
    eventually(
      () => of.events(connection.id),
      (rows) => rows.length === count && rows.every((row) => row.status === status),
      patienceMs,
    );
  return { producer, connection, settled };
}

interface Line {
  event_id: string;
  request_id: string;
  method: string;
  headers: [string, string][];
  body?: string;
  body_base64?: string;
}

async function linesOf(store: TestStore): Promise<Line[]> {
  const files = [...(await store.objects())];
  const texts = files.map(([key, bytes]) => (key.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
  return texts.flatMap((text) =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  );
}

const bytesOf = ({ body, body_base64 }: Line) =>
  body === undefined ? Buffer.from(body_base64 ?? "", "base64") : Buffer.from(body, "utf8");

describe("a file", () => {
  test("has many events, with their very bytes, and none of what a producer signs in with", async () => {
    await using store = await startObjectStore();
    const { producer, settled } = await archive(world, store, { compression: "gzip" });
    const bodies = [
      Buffer.from('{"n": 1e400, "é": "\u2028"}'),
      Buffer.from([0, 255, 254, 10]),
      Buffer.alloc(0),
      Buffer.from("\ufeffx"),
    ];
    for (const body of bodies) {
      await producer.post(Uint8Array.from(body), {
        "content-type": "text/plain",
        authorization: "Bearer canary",
        "x-own": "yes",
      });
    }
    const events = await settled("DELIVERED", bodies.length);
    expect([...(await store.objects()).keys()]).toEqual([
      expect.stringMatching(/^files-\d+\/bat_[0-9A-Z]{26}\.ndjson\.gz$/),
    ]);
    const lines = await linesOf(store);
    expect(lines.map((line) => line.event_id)).toEqual(events.map((event) => event.id));
    expect(lines.map(bytesOf)).toEqual(bodies);
    expect(lines[0]?.headers).toContainEqual(["x-own", "yes"]);
    expect(JSON.stringify(lines)).not.toContain("canary");
    const attempts = await Promise.all(events.map(({ id }) => world.attempts(id)));
    for (const tries of attempts) {
      expect(tries).toMatchObject([{ number: 1, http_method: "PUT", response_status: 200, trigger: "INITIAL" }]);
      expect(tries[0]?.requested_url).toContain(".ndjson.gz");
    }
  });

  test("is closed by its size, and by the time its first event has waited", async () => {
    await using store = await startObjectStore();
    const { producer, settled } = await archive(world, store, { batch_bytes: 64 * 1024, batch_wait_ms: 2_000 });
    const body = "x".repeat(10_000);
    const sentAtMs = Date.now();
    await Promise.all(Array.from({ length: 9 }, () => producer.post(body)));
    await settled("DELIVERED", 9);
    expect(Date.now() - sentAtMs).toBeGreaterThan(1_900);
    const counts = [...(await store.objects()).values()].map((bytes) => bytes.toString().split("\n").length - 1);
    expect(counts.toSorted()).toEqual([2, 7]);
  });

  test("whose answer is lost is written again under its name, and what came meanwhile is in another", async () => {
    await using store = await startObjectStore((_request, index) => (index === 0 ? "unanswered" : undefined));
    const retry = { strategy: "linear" as const, interval: 1_000, count: 5 };
    const { producer, settled } = await archive(world, store, { retry });
    for (let n = 0; n < 3; n++) await producer.send({ n });
    await settled("RETRYING", 3);
    await producer.send({ n: 3 });
    const events = await settled("DELIVERED", 4);
    expect(events.map((event) => event.attempts)).toEqual([2, 2, 2, 1]);
    expect(store.requests).toHaveLength(3);
    expect(new Set(store.requests).size).toBe(2);
    expect((await linesOf(store)).map((line) => line.event_id).toSorted()).toEqual(events.map((event) => event.id));
  });

  test("is the same again after a replay of one of its events", async () => {
    await using store = await startObjectStore();
    const { producer, settled } = await archive(world, store);
    for (let n = 0; n < 3; n++) await producer.send({ n });
    const events = await settled("DELIVERED", 3);
    const before = await store.objects();
    await retryEvent(world.ctx, { id: events[1]?.id ?? "" });
    await eventually(
      () => world.events(events[1]?.connection_id ?? ""),
      (rows) => rows[1]?.status === "DELIVERED" && rows[1].attempts === 2,
    );
    expect(await store.objects()).toEqual(before);
    expect(store.requests).toHaveLength(2);
    expect((await world.events(events[1]?.connection_id ?? "")).map((row) => row.attempts)).toEqual([1, 2, 1]);
  });

  test("that lost one of its events is left as it is: what is due goes into another", async () => {
    await using store = await startObjectStore();
    const { producer, settled } = await archive(world, store);
    for (let n = 0; n < 2; n++) await producer.send({ n });
    const [kept, gone] = await settled("DELIVERED", 2);
    const before = [...(await store.objects()).keys()];
    await world.all("delete from event where id = $1", [gone?.id]);
    await retryEvent(world.ctx, { id: kept?.id ?? "" });
    const after = await eventually(
      () => store.objects(),
      (objects) => objects.size === 2,
    );
    const lines = (keys: string[]) => keys.map((key) => after.get(key)?.toString().split("\n").length);
    expect(lines(before)).toEqual([3]);
    expect(lines([...after.keys()].filter((key) => !before.includes(key)))).toEqual([2]);
  });

  test("that failed as a probe is no answer to the next one: each probe is a write", async () => {
    await using store = await startObjectStore((_request, index) => (index < 3 ? 503 : undefined));
    const breaker = { consecutive_failures: 1, probe_min_ms: 1_000, probe_max_ms: 1_000, good_probes: 1, ramp_ms: 0 };
    const retry = { strategy: "linear" as const, interval: 3_600_000, count: 5 };
    const { producer, connection, settled } = await archive(world, store, { breaker, retry });
    await producer.send({ n: 0 });
    await settled("RETRYING", 1);
    await eventually(
      async () => {
        // What comes meanwhile is held, and keeps the lane from ending its turn.
        await producer.send({});
        return world.events(connection.id);
      },
      ([, second]) => second?.status === "DELIVERED",
      10_000,
    );
    const [tried] = await world.all(
      `select count(distinct created_at)::int as probes, max(n)::int as most from (
         select created_at, count(*) over (partition by event_id, created_at) as n from attempt
         where connection_id = $1 and trigger = 'PROBE') as probe`,
      [connection.id],
    );
    expect(tried).toEqual({ probes: 3, most: 1 });
  }, 20_000);

  test("that the store never takes is not the only probe: the next one is another file, and lets the others go", async () => {
    let bad: string | undefined;
    await using store = await startObjectStore(({ url }) => {
      bad ??= url;
      return url === bad ? 503 : undefined;
    });
    const breaker = { consecutive_failures: 1, probe_min_ms: 2_000, probe_max_ms: 2_000, good_probes: 1, ramp_ms: 0 };
    const retry = { strategy: "linear" as const, interval: 1_000, count: 50 };
    const { producer, connection, settled } = await archive(world, store, { breaker, retry });
    for (let n = 0; n < 2; n++) await producer.send({ n });
    await settled("RETRYING", 2);
    await producer.send({ n: 2 });
    // Both of the bad file are held, and so are older than what is well.
    await settled("HOLD", 3);
    await eventually(
      () => world.events(connection.id),
      (rows) => rows[2]?.status === "DELIVERED",
      10_000,
    );
  }, 15_000);

  test("that is being collected lets a pause hold its events within a second", async () => {
    await using store = await startObjectStore();
    const { producer, connection, settled } = await archive(world, store, { batch_wait_ms: 60_000 });
    await producer.send({ n: 1 });
    await settled("QUEUED", 1);
    await pauseConnection(world.ctx, { id: connection.id });
    await settled("HOLD", 1, 3_000);
    expect(store.requests).toEqual([]);
  });
});

test("what is collected for a file takes no slot from lanes that send: its next turns are among the slow", async () => {
  await using store = await startObjectStore();
  const { producer, connection, settled } = await archive(world, store, { batch_wait_ms: 60_000 });
  await producer.send({ n: 1 });
  await settled("QUEUED", 1);
  const others = await makeWorkerApp({ ...world.env, workerLanes: 1 }, makeLog("test", "warn"));
  const id = connection.destination_id;
  const waiting = await makeBranch(world, {});
  try {
    await world.all("update lane set lease_expires_at = now() - interval '1 second' where destination_id = $1", [id]);
    const collecting = others.lanes.drain(id, "fast");
    await others.lanes.drain(waiting.destinationId, "fast");
    await collecting;
    const served = "select token from lane where destination_id = $1 and lease_expires_at is null";
    await eventually(
      () => world.all(served, [waiting.destinationId]),
      ({ length }) => length === 1,
    );
    await others.lanes.stop();
    expect(store.requests).toEqual([]);
    const [lane] = await world.all("select is_slow from lane where destination_id = $1", [id]);
    const jobs = await world.all("select task_identifier from graphile_worker.jobs where key = $1", [`deliver:${id}`]);
    expect([lane, jobs]).toEqual([{ is_slow: true }, [{ task_identifier: "deliver-slow" }]]);
  } finally {
    await others.lanes.stop();
    await others.close();
  }
}, 15_000);

test("each event is in one file, once, byte for byte, though two workers are killed while they write", async () => {
  await using apart = await createWorld({ withWorker: false });
  await using stack = new AsyncDisposableStack();
  let worker: WorkerProcess | undefined;
  // The third file is not written when its worker dies, and the sixth is: nobody is told which.
  await using store = await startObjectStore(async (request, index) => {
    if (request.method !== "PUT" || (index !== 2 && index !== 5)) return undefined;
    await worker?.replace();
    return index === 2 ? 503 : "unanswered";
  });
  const { producer, settled } = await archive(apart, store, {
    batch_bytes: 64 * 1024,
    compression: "gzip",
    concurrency: 1,
  });
  const EVENTS = 600;
  const sent = new Map<string, string>();
  const fill = "é".repeat(400);
  await Promise.all(
    Array.from({ length: 20 }, async (_none, lane) => {
      for (let n = lane; n < EVENTS; n += 20) {
        const body = { n, fill };
        sent.set(await producer.send(body), JSON.stringify(body));
      }
    }),
  );
  worker = stack.use(startWorkerProcess(apart));
  const events = await settled("DELIVERED", EVENTS, 60_000);
  expect(worker.kills()).toBe(2);
  const lines = await linesOf(store);
  expect(lines.map((line) => line.event_id).toSorted()).toEqual(events.map((event) => event.id));
  expect(lines.filter((line) => sent.get(line.request_id) !== line.body)).toEqual([]);
}, 90_000);
