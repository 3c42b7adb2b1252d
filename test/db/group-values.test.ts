// Values of groups that a stranger chooses: long ones, ones that no column holds, and names that mean something elsewhere.
import { afterAll, beforeAll, expect, test } from "vitest";
import { ListEvents } from "#server/contracts/event.ts";
import { listGroups, pauseGroup, resumeGroup } from "#server/resources/destination-groups.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { listEvents } from "#server/resources/events.ts";
import { createApi } from "#test/support/api.ts";
import { allDelivered, BY_CUSTOMER, makeGrouped } from "#test/support/grouped.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const VALUES = [
  "v".repeat(64 * 1024),
  "before\u0000after",
  "\ud800 alone",
  "__proto__",
  "constructor",
  "=",
  "#",
  " ",
  "null",
  "a,b",
  "🦆".repeat(100),
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("each is a group of its own: its events are delivered, listed and found by what is shown of it, and it can be paused", async () => {
  await using receiver = await startReceiver();
  const branch = await makeGrouped(world, receiver, BY_CUSTOMER);
  for (const customer_id of VALUES) await branch.send({ customer_id });
  await allDelivered(world, branch, VALUES.length);
  const filter = { connection_id: [branch.id], limit: 50 };
  const shown = (await listEvents(world.ctx, ListEvents.parse(filter))).data.map(({ group }) => group ?? "");
  expect(new Set(shown).size).toBe(VALUES.length);
  expect(Math.max(...shown.map(({ length }) => length))).toBeLessThanOrEqual(200);
  for (const value of shown) {
    const { data } = await listEvents(world.ctx, ListEvents.parse({ ...filter, group: [value] }));
    expect(data.map(({ group }) => group)).toEqual([value]);
  }
  // What a record cannot have as its key is refused in a sentence, and pauses nothing.
  const id = branch.destinationId;
  for (const value of shown.filter((each) => each !== "__proto__")) await pauseGroup(world.ctx, { id, value });
  await expect(pauseGroup(world.ctx, { id, value: "__proto__" })).rejects.toThrow("Leave out the key __proto__");
  await world.config.upToDate();
  for (const customer_id of VALUES) await branch.send({ customer_id });
  await eventually(
    async () => (await world.events(branch.id)).filter(({ status }) => status === "HOLD"),
    ({ length }) => length === VALUES.length - 1,
  );
  const { data } = await listGroups(world.ctx, { id });
  expect(new Set(data.filter(({ is_paused }) => is_paused).map(({ value }) => value))).toEqual(
    new Set(shown.filter((each) => each !== "__proto__")),
  );
  for (const value of shown.filter((each) => each !== "__proto__")) await resumeGroup(world.ctx, { id, value });
  await allDelivered(world, branch, 2 * VALUES.length);
});

test("a list takes as many values as it says, and refuses a thousand, or one with NUL, at the field", async () => {
  await using api = await createApi();
  const values = (count: number) => Array.from({ length: count }, (_, n) => `group=v${n}`).join("&");
  expect((await api.get(`/v1/events?${values(255)}`)).status).toBe(200);
  const many = await api.get(`/v1/events?${values(1_000)}`);
  expect(many.status).toBe(422);
  expect(many.body.error.issues).toMatchObject([{ path: "group", message: expect.stringContaining("255") }]);
  expect((await api.get("/v1/events?group=a%00b")).status).toBeLessThan(500);
  expect((await api.get(`/v1/events?group=${"v".repeat(201)}`)).status).toBe(422);
});

test("an override for a value that nobody has, or without limits, is kept and limits nobody", async () => {
  await using receiver = await startReceiver();
  const branch = await makeGrouped(world, receiver, { ...BY_CUSTOMER, overrides: { nobody: {} } });
  const groups = { ...BY_CUSTOMER, overrides: { one: { rate_limit: 0 } } };
  await expect(updateDestination(world.ctx, { id: branch.destinationId, config: { groups } })).rejects.toMatchObject({
    issues: [{ path: "config.groups.overrides.one.rate_limit" }],
  });
  await branch.send({ customer_id: "one" });
  await allDelivered(world, branch, 1);
});
