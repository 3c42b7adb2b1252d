// The facts of events, read when they are routed: kept with each branch, found by lists, and gone with the payload.
import { gzipSync } from "node:zlib";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ListEvents } from "#server/contracts/event.ts";
import { Publish } from "#server/contracts/publish.ts";
import { ListRequests } from "#server/contracts/request.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { forwardDeadLetters } from "#server/delivery/forward-dead-letters.ts";
import { systemClock } from "#server/process/clock.ts";
import { createDestination, updateDestination } from "#server/resources/destinations.ts";
import { eraseRequest } from "#server/resources/erase-request.ts";
import { getEvent, listEvents } from "#server/resources/events.ts";
import { publish } from "#server/resources/publish.ts";
import { listIgnoredEvents } from "#server/resources/request-children.ts";
import { getRequest, listRequests, retryRequest } from "#server/resources/requests.ts";
import { resendEvent } from "#server/resources/resend-event.ts";
import { listSamples } from "#server/resources/samples.ts";
import { updateSource } from "#server/resources/sources.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const SECRET = "whsec_secret_of_facts";
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const STRIPE = { type: "STRIPE", config: { auth: { secret: SECRET } } } as const;
let sent = 0;
async function send(branch: Pick<Branch, "post">, resource: unknown, more: object = {}): Promise<string> {
  const payload = JSON.stringify({
    id: `evt_${++sent}`,
    type: "invoice.paid",
    created: 1_686_089_970,
    data: { object: { id: resource } },
    ...more,
  });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
  const answer = await branch.post(payload, { "stripe-signature": signature });
  expect(answer.status).toBe(200);
  return (await answer.json()).request_id;
}
const routed = (branch: Branch, count = 1) =>
  eventually(
    () => world.events(branch.id),
    (events) => events.length === count,
  );
const OCCURRED = "2023-06-06T22:19:30.000Z";

describe("an event of a provider", () => {
  test("has when it happened and what it is about, though no rule reads its body", async () => {
    const branch = await makeBranch(world, { source: STRIPE });
    const requestId = await send(branch, "in_1");
    const [event] = await routed(branch);
    const told = { occurred_at: OCCURRED, resource_id: "in_1" };
    expect(await getEvent(world.ctx, { id: event?.id ?? "" })).toMatchObject(told);
    expect(await getRequest(world.ctx, { id: requestId })).toMatchObject(told);
    expect((await listSamples(world.ctx, { id: branch.sourceId, limit: 1 })).data[0]?.event).toEqual({
      type: "invoice.paid",
      id: expect.stringMatching(/^evt_/),
      ...told,
    });
  });

  test("is found by what it is about, also where its connection ignored it", async () => {
    const branch = await makeBranch(world, {
      source: STRIPE,
      rules: [{ type: "filter", event: { resource_id: { $neq: "in_3" } } }],
    });
    await send(branch, "in_2");
    const ignoredId = await send(branch, "in_3");
    await routed(branch);
    await eventually(
      () => world.ignored(branch.id),
      (rows) => rows.length === 1,
    );
    const about = (resource_id: string) => ({ resource_id, source_id: branch.sourceId });
    const events = async (id: string) => (await listEvents(world.ctx, ListEvents.parse(about(id)))).data;
    const requests = async (id: string) => (await listRequests(world.ctx, ListRequests.parse(about(id)))).data;
    expect((await events("in_2")).map(({ resource_id }) => resource_id)).toEqual(["in_2"]);
    expect(await events("in_3")).toEqual([]);
    expect((await requests("in_3")).map(({ id, resource_id }) => [id, resource_id])).toEqual([[ignoredId, "in_3"]]);
    expect((await requests("in_2,in_3")).length).toBe(2);
    expect(await requests("in_4")).toEqual([]);
    const ignored = await listIgnoredEvents(world.ctx, {
      request_id: ignoredId,
      limit: 5,
      order_by: "created_at",
      dir: "desc",
    });
    expect(ignored.data[0]).toMatchObject({ cause: "FILTERED", resource_id: "in_3", occurred_at: OCCURRED });
  });

  test("is routed without them where they cannot be read, and has them however large its body is", async () => {
    const branch = await makeBranch(world, { source: STRIPE });
    const second = await makeBranch(world, { from: branch });
    await send(branch, { not: "an id" }, { created: "soon" });
    const [untold] = await routed(branch);
    expect([untold?.resource_id, untold?.occurred_at]).toEqual([null, null]);
    for (const [i, bytes] of [100_000, 4_000_000, 10_000_000].entries()) {
      await send(branch, `in_${bytes}`, { data: { padding: "x".repeat(bytes), object: { id: `in_${bytes}` } } });
      for (const one of [branch, second]) {
        const events = await routed(one, i + 2);
        expect(events.find(({ resource_id }) => resource_id === `in_${bytes}`)?.occurred_at).toEqual(
          new Date(OCCURRED),
        );
      }
    }
  });

  test("has them though its body came compressed", async () => {
    const branch = await makeBranch(world, { source: { type: "SHOPIFY", config: { auth_type: "NONE" } } });
    const body = gzipSync(JSON.stringify({ id: 820_982_911_946_154_508n.toString(), created_at: OCCURRED }));
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    expect((await branch.post(body, headers)).status).toBe(200);
    const [event] = await routed(branch);
    expect([event?.resource_id, event?.occurred_at]).toEqual(["820982911946154508", new Date(OCCURRED)]);
  });

  test("is read by a rule whatever its size", async () => {
    const branch = await makeBranch(world, { source: STRIPE });
    const read = await makeBranch(world, {
      from: branch,
      rules: [{ type: "filter", event: { resource_id: "in_large_2" } }],
    });
    await send(branch, "in_large_2", { padding: "x".repeat(100_000) });
    const [event] = await routed(read);
    expect(event?.resource_id).toBe("in_large_2");
  });

  test("has them however large its body is where it was published, whether a rule reads it or not", async () => {
    const event = { type: "order.paid", occurred_at: OCCURRED, resource_id: "order 7", data: "x".repeat(100_000) };
    const aboutIt: Rules = [{ type: "filter", event: { resource_id: "order 7" } }];
    for (const rules of [[], aboutIt]) {
      const branch = await makeBranch(world, { source: { type: "PUBLISH" }, rules });
      await publish(world.ctx, Publish.parse({ source: branch.sourceId, ...event }));
      const [row] = await routed(branch);
      expect([row?.occurred_at, row?.resource_id]).toEqual([new Date(OCCURRED), "order 7"]);
    }
  });

  test("loses them with its payload, and never has them where its source masks", async () => {
    const branch = await makeBranch(world, { source: STRIPE });
    const requestId = await send(branch, "in_erased");
    const [event] = await eventually(
      () => world.events(branch.id),
      ([first]) => first?.status === "RETRYING" || first?.status === "FAILED",
    );
    await eraseRequest(world.ctx, { id: requestId, reason: "asked for", cancel_unfinished: true });
    expect(await getEvent(world.ctx, { id: event?.id ?? "" })).toMatchObject({ occurred_at: null, resource_id: null });
    const masking = await makeBranch(world, {
      source: { ...STRIPE, config: { ...STRIPE.config, masked_paths: ["body.data.object.id"] } },
    });
    await send(masking, "in_masked");
    const [masked] = await routed(masking);
    expect(masked?.resource_id).toBe(null);
  });

  test("has none of what was masked when it came, though the source masks nothing any more", async () => {
    const branch = await makeBranch(world, {
      source: { ...STRIPE, config: { ...STRIPE.config, masked_paths: ["body.data.object.id"] } },
    });
    const requestId = await send(branch, "in_once_masked");
    await routed(branch);
    await updateSource(world.ctx, { id: branch.sourceId, config: { masked_paths: [] } });
    await Promise.all([world.config.upToDate(), world.worker.config.upToDate()]);
    await send(branch, "in_bare");
    await routed(branch, 2);
    await retryRequest(world.ctx, { id: requestId });
    const rows = () =>
      world.all<{ resource_id: string | null; moves: object | null }>(
        "select resource_id, moves from event where connection_id = $1 order by id",
        [branch.id],
      );
    const told = await eventually(rows, ([first]) => first?.moves != null);
    expect(told.map(({ resource_id }) => resource_id)).toEqual([null, "in_bare"]);
  });
});

test("its dead letter and its debug copy tell what the event told", async () => {
  const { id: letters } = await createDestination(world.ctx, { name: "letters", type: "MOCK", config: {} });
  const branch = await makeBranch(world, {
    source: STRIPE,
    to: { url: "http://127.0.0.1:1024/", dead_letter_destination_id: letters },
    rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 0 }],
  });
  await send(branch, "in_failed");
  const [failed] = await eventually(
    () => world.events(branch.id),
    ([first]) => first?.status === "FAILED",
  );
  const id = failed?.id ?? "";
  const { pool, log, lanes } = world.worker;
  await forwardDeadLetters({ pool, log, clock: systemClock, wakeLanes: lanes.wake });
  const copy = await resendEvent(world.ctx, { id, destination_id: letters });
  expect(copy).toMatchObject({ resent_from: id, occurred_at: OCCURRED, resource_id: "in_failed" });
  const { data } = await listEvents(world.ctx, ListEvents.parse({ destination_id: letters, resource_id: "in_failed" }));
  expect(data.map(({ dead_letter_of }) => dead_letter_of)).toContain(id);
});

test("an order by what events are about holds for those that were in line before", async () => {
  await using receiver = await startReceiver({ status: 503 });
  const branch = await makeBranch(world, { source: STRIPE, to: { url: receiver.url, ordering: "fifo" } });
  await send(branch, "in_a");
  await send(branch, "in_b");
  await routed(branch, 2);
  await updateDestination(world.ctx, {
    id: branch.destinationId,
    config: { ordering: "by_key", ordering_key: "event.resource_id" },
  });
  const keys = () =>
    world.all<{ key: string }>("select substr(order_key, 10) as key from event where connection_id = $1 order by id", [
      branch.id,
    ]);
  await eventually(keys, (rows) => rows.map(({ key }) => key).join() === "=in_a,=in_b");
});
