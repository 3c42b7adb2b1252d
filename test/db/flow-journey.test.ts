// A payment's webhook reaches order processing and analytics as a file declares it, each by a policy of its own.
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApplyFlows } from "#server/contracts/flow.ts";
import { applyFlows } from "#server/flows/apply.ts";
import { planFlows } from "#server/flows/plan-flows.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const apply = (text: string) => applyFlows(world.ctx, ApplyFlows.parse({ text }));

test("one that is down holds up nobody, and the file applied again changes nothing", async () => {
  await using orders = await startReceiver();
  let isUp = false;
  await using analytics = await startReceiver(() => ({ status: isUp ? 200 : 503 }));
  const text = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: payments }
spec:
  source: { name: payment-provider }
  destinations:
    - name: order-processing
      url: ${orders.url}
      timeout: 5s
      retry: { strategy: exponential, interval: 1m, count: 8 }
    - name: analytics-pipeline
      url: ${analytics.url}
      deadLetter: parked
      concurrency: 2
      retry: { strategy: custom, schedule: [1s, 1s, 1s, 1s, 1s, 1s] }
    - { name: parked, type: MOCK, connect: false }
`;
  const { changes } = await apply(text);
  const idOf = (name: string) => changes.find((change) => change.name === name)?.id ?? "";
  expect(await apply(text)).toMatchObject({ is_changed: false, changes: [] });

  const [{ key } = { key: "" }] = await world.all<{ key: string }>("select key from source where id = $1", [
    idOf("payment-provider"),
  ]);
  const body = '{"type":"payment.succeeded","amount":4200}';
  const sent = await fetch(`${world.doorUrl}/e/${key}`, { method: "POST", body });
  expect(sent.status).toBe(200);
  const [receipt] = await orders.received(1);
  expect(receipt?.body.toString()).toBe(body);
  const eventsOf = (name: string) => world.events(idOf(name));
  await eventually(
    () => eventsOf("payment-provider-order-processing"),
    ([event]) => event?.status === "DELIVERED",
  );
  await analytics.received(1);
  await eventually(
    () => eventsOf("payment-provider-analytics-pipeline"),
    ([event]) => event?.status === "RETRYING",
  );
  isUp = true;
  await eventually(
    () => eventsOf("payment-provider-analytics-pipeline"),
    ([event]) => event?.status === "DELIVERED",
  );
  expect(orders.receipts.length).toBe(1);
});

test("what waits at a branch that goes is counted before, and at an address that changes too", async () => {
  await using hung = await startReceiver("hang");
  const flow = (destinations: string) => `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: waiting }
spec:
  source: { name: waiting }
  destinations: [${destinations}]
`;
  const { changes } = await apply(flow(`{ name: slow, url: "${hung.url}", paused: true }`));
  const source = changes.find(({ kind }) => kind === "source")?.id;
  const [{ key } = { key: "" }] = await world.all<{ key: string }>("select key from source where id = $1", [source]);
  for (let n = 0; n < 3; n++) await fetch(`${world.doorUrl}/e/${key}`, { method: "POST", body: `{"n":${n}}` });
  const lossesOf = async (text: string) => {
    const plan = await planFlows(world.ctx, ApplyFlows.parse({ text, prune: true }));
    return plan.changes.flatMap(({ name, losses }) => losses.map(({ kind, count, says }) => [name, kind, count, says]));
  };
  const gone = await eventually(
    () => lossesOf(flow("")),
    (losses) => losses.some(([, kind, count]) => kind === "pending_events" && count === 3),
  );
  expect(gone).toContainEqual(["waiting-slow", "pending_events", 3, "3 events that wait are cancelled."]);
  const moved = flow(`{ name: slow, url: "${hung.url}/moved" }`);
  expect(await lossesOf(moved)).toEqual(
    expect.arrayContaining([
      ["slow", "address", 3, "3 events that wait will go to the new address."],
      ["waiting-slow", "held_events", 3, "3 events that are held go out."],
    ]),
  );
});

test("hundreds of destinations are applied in one transaction, and once more as nothing", async () => {
  const many = Array.from(
    { length: 200 },
    (_, n) => `    - { name: many-${n}, type: MOCK, concurrency: 3, filter: { eventType: "a.*" } }`,
  );
  const text = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: many }
spec:
  source: { name: many }
  destinations:
${many.join("\n")}
`;
  expect((await apply(text)).changes.length).toBe(401);
  expect(await apply(text)).toMatchObject({ is_changed: false, unchanged_count: 401 });
}, 60_000);
