import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateConnection } from "#server/contracts/connection.ts";
import { makeBranch } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const ID = "8202522731445525542";
const NEXT = "8202522731445525543";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What became of the bodies on a connection with these rules: a cause, or null for an event. */
async function causesOf(rules: NonNullable<CreateConnection["rules"]>, bodies: string[]) {
  const branch = await makeBranch(world, { rules });
  for (const body of bodies) expect((await branch.post(body)).status).toBe(200);
  const rows = () => Promise.all([world.events(branch.id), world.ignored(branch.id)]);
  const [events, ignored] = await eventually(rows, (both) => both.flat().length === bodies.length);
  return { causes: [...events.map(() => null), ...ignored.map(({ cause }) => cause)], events, ignored };
}

describe("deduplicate", () => {
  const window = 60_000;

  test.each([[{}], [{ include_fields: ["body.id"] }], [{ exclude_fields: ["body.ts"] }]])(
    "%j takes ids that a double rounds to one for two",
    async (fields) => {
      const bodies = [`{"id":${ID},"ts":1}`, `{"id":${NEXT},"ts":1}`, `{"id":${ID}.0,"ts":1.0}`];
      const { causes } = await causesOf([{ type: "deduplicate", window, ...fields }], bodies);
      expect(causes).toEqual([null, null, "DEDUPLICATED"]);
    },
  );

  test.each([["body.order_id"], ["body.ordre_id"], ["body.items.0.sku"], ["headers.idempotency-key"]])(
    "by %s takes requests that lack it for no copies of each other",
    async (path) => {
      const bodies = ["c1", "c2", "c1"].map((customer) => `{"type":"customer.created","customer":"${customer}"}`);
      const { causes, events } = await causesOf([{ type: "deduplicate", window, include_fields: [path] }], bodies);
      expect(causes).toEqual([null, null, null]);
      expect(events[0]).toMatchObject({ why: [{}, { step: "deduplicate", outcome: "no_key" }, {}] });
    },
  );
});
