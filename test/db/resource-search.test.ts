import { afterAll, beforeAll, expect, test } from "vitest";
import { ListConnections } from "#server/contracts/connection.ts";
import { ListDestinations } from "#server/contracts/destination.ts";
import { ListSources } from "#server/contracts/source.ts";
import { ListTransformations } from "#server/contracts/transformation.ts";
import { createConnection, listConnections } from "#server/resources/connections.ts";
import { createDestination, listDestinations } from "#server/resources/destinations.ts";
import { createSource, listSources } from "#server/resources/sources.ts";
import { createTransformation, listTransformations, updateTransformation } from "#server/resources/transformations.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
const to = { config: { url: "https://93.184.215.14/" } };
const NAMED = [
  { name: "orders_eu", description: "The shop in Größe XL: 100% of it" },
  { name: "ordersXeu", description: null },
  { name: "billing", description: "What ORDERS_EU costs" },
];

beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  const { ctx } = world;
  for (const named of NAMED) {
    const source = await createSource(ctx, named);
    const destination = await createDestination(ctx, { ...named, ...to });
    await createConnection(ctx, { ...named, source_id: source.id, destination_id: destination.id });
    await createTransformation(ctx, { ...named, code: "(request) => request" });
  }
});
afterAll(() => world[Symbol.asyncDispose]());

type Named = { name: string; description: string | null };
const lists: Record<string, (search: string) => Promise<{ data: Named[] }>> = {
  sources: (search) => listSources(world.ctx, ListSources.parse({ search })),
  destinations: (search) => listDestinations(world.ctx, ListDestinations.parse({ search })),
  connections: (search) => listConnections(world.ctx, ListConnections.parse({ search })),
  transformations: (search) => listTransformations(world.ctx, ListTransformations.parse({ search })),
};

test.each(Object.keys(lists))(
  "%s are found by a text in name or description, in any case, taken literally",
  async (kind) => {
    const find = async (search: string) => ((await lists[kind]?.(search))?.data ?? []).map(({ name }) => name);
    expect(await find("Orders_EU")).toEqual(["billing", "orders_eu"]);
    expect(await find("ordersx")).toEqual(["ordersXeu"]);
    expect(await find("größe xl")).toEqual(["orders_eu"]);
    expect(await find("100%")).toEqual(["orders_eu"]);
    for (const nowhere of ["%", "_", "\\", "1%it", "' or 1=1 --"])
      expect(await find(nowhere)).toEqual(
        nowhere === "%" ? ["orders_eu"] : nowhere === "_" ? ["billing", "orders_eu"] : [],
      );
  },
);

test("another team's are not found", async () => {
  await world.pool.query("insert into team (id, name) values ('tm_other', 'other') on conflict do nothing");
  const other = { ...world.ctx, teamId: "tm_other" };
  expect((await listSources(other, ListSources.parse({ search: "orders" }))).data).toEqual([]);
  expect((await listTransformations(other, ListTransformations.parse({ search: "orders" }))).data).toEqual([]);
});

test("a transformation's description is kept by a change of something else, and cleared by null", async () => {
  const { ctx } = world;
  const { id } = await createTransformation(ctx, { name: "noted", description: "why", code: "(request) => request" });
  expect(await updateTransformation(ctx, { id, name: "noted2" })).toMatchObject({ description: "why", version: 1 });
  expect(await updateTransformation(ctx, { id, description: null })).toMatchObject({ description: null, version: 1 });
});
