// The life of agents that register themselves: each gets its event types, one stops to renew and is gone, its neighbours are not
// disturbed. And the challenge that comes before the first delivery.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RegisteredEndpoint } from "#server/contracts/endpoint.ts";
import { lapseEndpoints } from "#server/endpoints/lapse-endpoints.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { verifyEndpoint } from "#server/resources/endpoint-challenge.ts";
import { createEndpoint } from "#server/resources/endpoint-registration.ts";
import { deleteEndpoint, getEndpoint, renewEndpoint, updateEndpoint } from "#server/resources/endpoints.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { makeProducer } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

type Input = Partial<Parameters<typeof createEndpoint>[1]> & { url: string };
const register = (input: Input) =>
  createEndpoint(world.ctx, { source: "*", verify: false, eventTypes: ["*"], ...input });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const eventsOf = ({ connections: [first] }: Pick<RegisteredEndpoint, "connections">) => world.events(first?.id ?? "");
const all = (status: string, count: number) => (found: { status: unknown }[]) =>
  found.length === count && found.every((event) => event.status === status);
test("an agent registers, receives only its event types, stops to renew and is gone; its neighbours are undisturbed", async () => {
  const producer = await makeProducer(world, { type: "STRIPE", config: { auth_type: "NONE", auth: {} } });
  const send = (type: string) => producer.send({ id: `evt_${Math.random()}`, object: "event", type });
  await using fraud = await startReceiver();
  await using billing = await startReceiver();
  const both = ["payment.failed", "payment.completed"];
  const agent = await register({ url: fraud.url, eventTypes: ["payment.failed"], ttl: 60 });
  const neighbour = await register({ url: billing.url, eventTypes: both, ttl: 60 });
  await send("payment.failed");
  await send("payment.completed");
  await send("customer.created");
  await eventually(() => eventsOf(agent), all("DELIVERED", 1));
  await eventually(() => eventsOf(neighbour), all("DELIVERED", 2));
  const types = (receiver: typeof fraud) =>
    receiver.receipts.map(({ body }) => JSON.parse(body.toString()).type).sort();
  expect([types(fraud), types(billing)]).toEqual([["payment.failed"], both.toSorted()]);

  // The neighbour renews and the agent does not: a minute later by the clock of the worker.
  const lapsedAt = inSeconds(61);
  await world.pool.query("update endpoint set lease_until = $2 where id = $1", [neighbour.id, inSeconds(9_000)]);
  await lapseEndpoints(world.pool, lapsedAt);
  await world.worker.config.upToDate();
  for (let n = 0; n < 3; n++) await send("payment.failed");
  const held = await eventually(
    () => eventsOf(agent),
    (found) => found.filter(({ status }) => status === "HOLD").length === 3,
  );
  expect(held.filter(({ hold_reason }) => hold_reason === "lease_expired")).toHaveLength(3);
  await eventually(() => eventsOf(neighbour), all("DELIVERED", 5));

  await lapseEndpoints(world.pool, new Date(lapsedAt.getTime() + 60_000));
  await expect(getEndpoint(world.ctx, { id: agent.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await eventually(
    () => eventsOf(agent),
    (found) => found.filter(({ status }) => status === "CANCELLED").length === 3,
  );
  const [entry] = await world.all<{ after: string }>(
    "select after from audit_entry where resource_id = $1 and action = 'delete'",
    [agent.id],
  );
  expect(JSON.parse(entry?.after ?? "")).toEqual({ because: "lease_ran_out", cancelled: 3 });
  await send("payment.failed");
  await eventually(() => eventsOf(neighbour), all("DELIVERED", 6));
  expect(fraud.receipts).toHaveLength(1);

  const lanes = () => world.all("select from lane where destination_id = any ($1)", [[agent.id, neighbour.id]]);
  expect(await lanes()).toHaveLength(2);
  const { pool, log } = world.worker;
  await purgeExpired(pool, log, { now: new Date(Date.now() + 2 * 3_600_000), retentionDays: 1_000 });
  expect(await lanes()).toHaveLength(1);
});

test("an agent that comes back within the grace gets what was held for it, once and in order", async () => {
  const producer = await makeProducer(world);
  await using receiver = await startReceiver();
  const agent = await register({ url: receiver.url, source: producer.sourceId, ttl: 60 });
  await lapseEndpoints(world.pool, inSeconds(61));
  await world.worker.config.upToDate();
  for (let n = 0; n < 5; n++) await producer.send({ n });
  await eventually(() => eventsOf(agent), all("HOLD", 5));
  expect(receiver.receipts).toEqual([]);
  await renewEndpoint(world.ctx, { id: agent.id });
  await eventually(() => eventsOf(agent), all("DELIVERED", 5));
  expect(receiver.receipts).toHaveLength(5);
});

test("what is under way, scheduled or retrying when an endpoint is removed ends, and is counted", async () => {
  const producer = await makeProducer(world);
  await using receiver = await startReceiver(() => ({ status: 503 }));
  const agent = await register({ url: receiver.url, source: producer.sourceId });
  for (let n = 0; n < 4; n++) await producer.send({ n });
  await eventually(() => eventsOf(agent), all("RETRYING", 4));
  expect(await deleteEndpoint(world.ctx, { id: agent.id })).toEqual({ id: agent.id, cancelled_count: 4 });
  await eventually(() => eventsOf(agent), all("CANCELLED", 4));
});

test("a pause, a move and other event types are the endpoint's alone", async () => {
  const producer = await makeProducer(world);
  await using old = await startReceiver();
  await using moved = await startReceiver();
  const agent = await register({ url: old.url, source: producer.sourceId });
  await updateEndpoint(world.ctx, { id: agent.id, paused: true });
  await producer.send({});
  await eventually(() => eventsOf(agent), all("HOLD", 1));
  await updateEndpoint(world.ctx, { id: agent.id, url: moved.url, paused: false });
  await eventually(() => eventsOf(agent), all("DELIVERED", 1));
  expect([old.receipts.length, moved.receipts.length]).toEqual([0, 1]);
});

/** A receiver that gives the challenge back while it agrees. */
const challenged = (
  agrees: () => boolean,
  how: (nonce: string) => string = (challenge) => JSON.stringify({ challenge }),
) =>
  startReceiver((receipt) => {
    const { type, challenge = "" } = JSON.parse(receipt.body.toString());
    if (type !== "endpoint.verification") return {};
    return agrees() ? { body: how(challenge) } : { body: "hello" };
  });

test("nothing goes to a URL before it has given the challenge back, and everything after; it is asked again at another URL", async () => {
  let agrees = false;
  const producer = await makeProducer(world);
  await using receiver = await challenged(() => agrees);
  const agent = await register({ url: receiver.url, source: producer.sourceId, verify: true });
  expect(agent).toMatchObject({
    hold_reason: "endpoint_unverified",
    verification: { state: "failed", detail: expect.stringContaining("did not bring") },
  });
  await producer.send({});
  await eventually(() => eventsOf(agent), all("HOLD", 1));
  expect(receiver.receipts).toHaveLength(1);
  agrees = true;
  expect(await verifyEndpoint(world.ctx, { id: agent.id })).toMatchObject({
    hold_reason: null,
    verification: { state: "confirmed" },
  });
  await eventually(() => eventsOf(agent), all("DELIVERED", 1));

  await using plain = await challenged(
    () => true,
    (nonce) => ` ${nonce}\n`,
  );
  await updateDestination(world.ctx, { id: agent.id, config: { url: plain.url } });
  expect(await getEndpoint(world.ctx, { id: agent.id })).toMatchObject({
    hold_reason: "endpoint_unverified",
    verification: { state: "pending" },
  });
  expect(await verifyEndpoint(world.ctx, { id: agent.id })).toMatchObject({ verification: { state: "confirmed" } });
});

test("a challenge tells no more of a stranger's host than a delivery does", async () => {
  await using receiver = await startReceiver(() => ({ status: 403, body: "the secret of an internal service" }));
  const refused = await register({ url: receiver.url, verify: true });
  expect(JSON.stringify(refused)).not.toContain("internal service");
  expect(refused.verification).toMatchObject({
    state: "failed",
    detail: "The answer was 403; it has to be 200 with the challenge.",
  });
  const closed = await register({ url: "http://127.0.0.1:1024/", verify: true });
  expect(closed.verification).toMatchObject({ state: "failed", detail: "No answer came: CONNECTION_REFUSED." });
  const calm = await register({ url: `${receiver.url}/other` });
  await expect(verifyEndpoint(world.ctx, { id: calm.id })).rejects.toMatchObject({ code: "CONFLICT" });
});
