// Traces for an OpenTelemetry collector: from the door to each attempt, in the producer's own trace where it has one.
import { afterAll, beforeAll, test } from "vitest";
import { publish } from "#server/resources/publish.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { type SeenSpan, startTraceCollector } from "#test/support/trace-collector.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let collector: Awaited<ReturnType<typeof startTraceCollector>>;
let world: World;
beforeAll(async () => {
  collector = await startTraceCollector();
  world = await createWorld({ tracesTo: collector.url });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

/** The spans of a request, once so many have come: its way in first, then its attempts in their order. */
const spansOf = (requestId: string, count: number) =>
  eventually(
    async () =>
      collector.spans
        .filter(({ attributes }) => attributes["switchyard.request.id"] === requestId)
        .toSorted((a, b) => place(a) - place(b)),
    (spans) => spans.length >= count,
  );
const place = ({ attributes }: SeenSpan) => Number(attributes["switchyard.attempt.number"] ?? 0);

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

test.concurrent("a producer's trace goes on at the door, in each attempt and at the receiver", async ({ expect }) => {
  await using receiver = await startReceiver((_receipt, index) => ({ status: index === 0 ? 500 : 200 }));
  const rules = [{ type: "retry" as const, strategy: "linear" as const, count: 2, interval: 1_000 }];
  const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
  const requestId = await branch.send({ n: 1 }, { traceparent: `00-${TRACE}-${PARENT}-00` });
  const receipts = await receiver.received(2);
  const [received, failed, delivered] = await spansOf(requestId, 3);
  expect(received).toMatchObject({
    service: "switchyard-gateway",
    name: "receive",
    traceId: TRACE,
    parentSpanId: PARENT,
    isFailed: false,
    attributes: {
      "switchyard.team.id": "tm_default",
      "switchyard.source.id": branch.sourceId,
      "switchyard.request.status": "accepted",
      "http.request.method": "POST",
    },
  });
  expect(received?.tookMs).toBeGreaterThan(0);
  const shared = { service: "switchyard-worker", name: "attempt", traceId: TRACE, parentSpanId: received?.spanId };
  expect(failed).toMatchObject({
    ...shared,
    isFailed: true,
    attributes: { "error.type": "BAD_RESPONSE", "http.response.status_code": 500, "server.address": "127.0.0.1" },
  });
  expect(delivered).toMatchObject({
    ...shared,
    isFailed: false,
    attributes: { "switchyard.destination.id": branch.destinationId, "switchyard.event.status": "DELIVERED" },
  });
  expect([failed, delivered].map((span) => `00-${span?.traceId}-${span?.spanId}-00`)).toEqual(
    receipts.map(({ headers }) => headers.traceparent),
  );
});

test.concurrent("a request without a trace begins one, and so does a traceparent that the standard calls invalid", async ({
  expect,
}) => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  for (const headers of [{}, { traceparent: `00-${"0".repeat(32)}-${PARENT}-01` }] as Record<string, string>[]) {
    const [received, attempt] = await spansOf(await branch.send({}, headers), 2);
    expect(received).toMatchObject({ name: "receive", parentSpanId: "" });
    expect(attempt).toMatchObject({ traceId: received?.traceId, parentSpanId: received?.spanId });
  }
});

test.concurrent("what the door turns away says why, and no secret of a URL is told", async ({ expect }) => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, {
    source: { config: { allowed_http_methods: ["PUT"] } },
    to: { url: receiver.url },
  });
  await branch.post("x");
  const [rejected] = await eventually(
    async () => collector.spans.filter(({ attributes }) => attributes["switchyard.source.id"] === branch.sourceId),
    (spans) => spans.length > 0,
  );
  expect(rejected?.attributes).toMatchObject({
    "switchyard.request.status": "rejected",
    "switchyard.request.rejection_cause": "METHOD_NOT_ALLOWED",
  });
  expect(JSON.stringify(collector.spans)).not.toContain(new URL(branch.url).pathname.slice(3));
});

test.concurrent("a published event has its way in too", async ({ expect }) => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { source: { type: "PUBLISH" }, to: { url: receiver.url } });
  const { events } = await publish(world.ctx, { source: branch.sourceId, events: [{ type: "a.b", data: {} }] });
  const [received, attempt] = await spansOf(String(events[0]?.request_id), 2);
  expect(attempt).toMatchObject({ name: "attempt", parentSpanId: received?.spanId });
});

test.concurrent("a collector that is gone costs nobody anything", async ({ expect }) => {
  await using receiver = await startReceiver();
  await using alone = await createWorld({ tracesTo: "http://127.0.0.1:9" });
  const branch = await makeBranch(alone, { to: { url: receiver.url } });
  await branch.send({ n: 1 });
  expect((await receiver.received(1))[0]?.body.toString()).toBe('{"n":1}');
});
