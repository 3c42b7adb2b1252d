// A destination of type MOCK in the whole product: saved, judged, paced and recorded like any other, and nothing is sent.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ListAttempts } from "#server/contracts/attempt.ts";
import { listAttempts } from "#server/resources/attempts.ts";
import {
  createDestination,
  getDestination,
  rotateDestinationSecret,
  updateDestination,
  upsertDestination,
} from "#server/resources/destinations.ts";
import { makeProducer } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
const name = () => `mock-${++made}`;
const refusal = (path: string, message: string) => ({
  code: "UNPROCESSABLE",
  issues: expect.arrayContaining([{ path, message: expect.stringContaining(message) }]),
});

describe("its settings", () => {
  test("have defaults, are merged by a PATCH, and are read as they were saved", async () => {
    const saved = await createDestination(world.ctx, { name: name(), type: "MOCK" });
    expect(saved).toMatchObject({
      type: "MOCK",
      config: { status: 200, latency_ms: 0, body: "", error_code: null, answers: [], concurrency: 25, retry: null },
    });
    await updateDestination(world.ctx, { id: saved.id, config: { status: 500, answers: [{ status: 429 }] } });
    const changed = await updateDestination(world.ctx, { id: saved.id, config: { body: "no" } });
    expect(changed.config).toEqual({ ...saved.config, status: 500, answers: [{ status: 429 }], body: "no" });
    expect(await getDestination(world.ctx, { id: saved.id })).toEqual(changed);
    const again = { name: saved.name, type: "MOCK", config: { status: 201 } } as const;
    expect(await upsertDestination(world.ctx, again)).toMatchObject({
      id: saved.id,
      config: { status: 201, body: "no" },
    });
  });

  test("are refused where they belong to another type, or where the type would change", async () => {
    const create = (type: "HTTP" | "MOCK", config: object) =>
      createDestination(world.ctx, { name: name(), type, config });
    await expect(create("MOCK", { url: "https://a.example" })).rejects.toMatchObject(
      refusal("config.url", "A destination of type MOCK has no url"),
    );
    await expect(create("HTTP", { url: "https://a.example", latency_ms: 5 })).rejects.toMatchObject(
      refusal("config.latency_ms", "A destination of type HTTP has no latency_ms"),
    );
    await expect(create("HTTP", {})).rejects.toMatchObject(refusal("config.url", "required"));
    const mock = await create("MOCK", {});
    const http = await create("HTTP", { url: "https://a.example" });
    await expect(updateDestination(world.ctx, { id: mock.id, type: "HTTP" })).rejects.toMatchObject(
      refusal("type", "is of type MOCK and stays it"),
    );
    await expect(updateDestination(world.ctx, { id: http.id, config: { status: 500 } })).rejects.toMatchObject(
      refusal("config.status", "A destination of type HTTP has no status"),
    );
    await expect(upsertDestination(world.ctx, { name: http.name, type: "MOCK" })).rejects.toMatchObject(
      refusal("type", "is of type HTTP and stays it"),
    );
    await expect(rotateDestinationSecret(world.ctx, { id: mock.id })).rejects.toMatchObject(
      refusal("type", "no secret"),
    );
  });
});

describe("an event to it", () => {
  test("is tried, retried and delivered by the answers in turn, and each attempt is recorded", async () => {
    const producer = await makeProducer(world);
    const answers = [
      { status: 503, body: "later" },
      { error_code: "TIMEOUT" as const },
      { status: 201, latency_ms: 30 },
    ];
    const retry = { strategy: "linear" as const, interval: 3_600_000, count: 5 };
    const connection = await world.connect({
      name: name(),
      source_id: producer.sourceId,
      destination: { name: "orders.mock", type: "MOCK", config: { answers, retry } },
    });
    await producer.send({ n: 1 });
    const settled = (status: string, attempts: number) =>
      eventually(
        () => world.events(connection.id),
        ([row]) => row?.status === status && row.attempts === attempts,
      );
    for (const attempts of [1, 2]) {
      await settled("RETRYING", attempts);
      await world.all("update event set next_attempt_at = now() where connection_id = $1", [connection.id]);
      await world.worker.lanes.wake([connection.destination_id]);
    }
    const [event] = await settled("DELIVERED", 3);
    const { data } = await listAttempts(world.ctx, ListAttempts.parse({ event_id: event?.id }));
    expect(data.toReversed()).toMatchObject([
      {
        number: 1,
        requested_url: "mock://orders.mock",
        http_method: "POST",
        response_status: 503,
        error_code: "BAD_RESPONSE",
      },
      { number: 2, response_status: null, error_code: "TIMEOUT" },
      { number: 3, response_status: 201, error_code: null, trigger: "AUTOMATIC" },
    ]);
    // A timer may go off a little early.
    expect(data[0]?.latency_ms).toBeGreaterThan(25);
    expect((await world.attempts(event?.id ?? ""))[0]?.request_headers).toEqual(
      expect.arrayContaining([["x-switchyard-event-id", event?.id]]),
    );
    expect(
      await world.all("select sum(attempt_count)::int as attempts from rollup_minute where connection_id = $1", [
        connection.id,
      ]),
    ).toEqual([{ attempts: 3 }]);
  });
});
