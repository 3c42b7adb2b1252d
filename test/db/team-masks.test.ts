// Masks of a team: they hold for every source of it besides the source's own, from the next request on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskTeam } from "#server/masking/mask-at-rest.ts";
import { getRequest } from "#server/resources/requests.ts";
import { getRetention, updateRetention } from "#server/resources/retention.ts";
import { createSource, updateSource } from "#server/resources/sources.ts";
import { tablesWith } from "#test/support/stored-text.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function send(source: { url: string }, body: object): Promise<string> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(world.ingestUrl(source), { method: "POST", headers, body: JSON.stringify(body) });
  return ((await answer.json()) as { request_id: string }).request_id;
}
const upToDate = () => world.config.upToDate();
const masksOf = async (id: string) => (await getRequest(world.ctx, { id })).masks;

test("mask what comes to every source, beside the source's own, and a source cannot take them back", async () => {
  const own = await createSource(world.ctx, { name: "own", config: { masked_paths: ["body.card", "body.email"] } });
  const plain = await createSource(world.ctx, { name: "plain" });
  const before = await send(plain, { email: "CANARY-before@example.com" });
  await updateRetention(world.ctx, { masked_paths: ["body.email", "headers.x-person"] });
  await upToDate();
  const secret = "CANARY-ada@example.com";
  const [one, two] = [await send(own, { email: secret, card: "c" }), await send(plain, { email: secret, n: 1 })];
  expect(await Promise.all([masksOf(before), masksOf(one), masksOf(two)])).toEqual([
    [],
    ["body.email", "headers.x-person", "body.card"],
    ["body.email", "headers.x-person"],
  ]);
  expect(JSON.stringify(await getRequest(world.ctx, { id: two }))).not.toContain(secret);
  await updateSource(world.ctx, { id: own.id, config: { masked_paths: [] } });
  await upToDate();
  expect(await masksOf(await send(own, { email: secret }))).toEqual(["body.email", "headers.x-person"]);
  const routed = () => world.all("select 1 from hand_off");
  await eventually(routed, ({ length }) => length === 0);
  const { pool, log } = world.worker;
  const later = { pool, log, now: () => new Date(Date.now() + 4 * 60_000), clock: { monotonicMs: () => 0 } };
  await maskTeam(later, world.ctx.teamId);
  expect(await tablesWith(world, secret)).toEqual([]);
  expect(await tablesWith(world, "CANARY-before@example.com")).not.toEqual([]);
});

test("are another team's no business, and reading them needs no more than reading", async () => {
  await world.ctx.app.db.team.create({ data: { id: "tm_other", name: "Other" } });
  const other = { ...world.ctx, teamId: "tm_other" };
  const source = await createSource(other, { name: "other" });
  await upToDate();
  const id = await send(source, { email: "x" });
  expect((await getRequest(other, { id })).masks).toEqual([]);
  expect((await getRetention(other)).masked_paths).toEqual([]);
  expect((await getRetention(world.ctx)).masked_paths).toEqual(["body.email", "headers.x-person"]);
  await expect(updateRetention({ ...world.ctx, can: new Set() }, { masked_paths: [] })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

test("are changed without the days, and the days without them", async () => {
  expect(await updateRetention(world.ctx, { days: 3 })).toMatchObject({
    days: 3,
    masked_paths: ["body.email", "headers.x-person"],
  });
  expect(await updateRetention(world.ctx, { masked_paths: [] })).toMatchObject({ own_days: 3, masked_paths: [] });
  expect(await updateRetention(world.ctx, { days: null })).toMatchObject({ own_days: null });
});
