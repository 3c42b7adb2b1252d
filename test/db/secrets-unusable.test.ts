// Secrets that do not open, after a restore or under another key: their owner is unusable, and nobody else notices.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeConfigCache } from "#server/config/config-cache.ts";
import { makeKeyring, secretsPlace } from "#server/crypto/secrets.ts";
import {
  disableDestination,
  getDestination,
  listDestinations,
  rotateDestinationSecret,
  updateDestination,
} from "#server/resources/destinations.ts";
import { runTransformation } from "#server/resources/run-transformation.ts";
import { getSource, listSources, updateSource } from "#server/resources/sources.ts";
import { createTransformation, getTransformation, updateTransformation } from "#server/resources/transformations.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { keepLog } from "#test/support/logged.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const PAGE = { limit: 100, dir: "desc", order_by: "created_at" } as const;
const OTHER_KEY = makeKeyring("another secret, also of more than thirty-two characters");
const sealElsewhere = async (kind: "source" | "destination" | "transformation", id: string) => {
  const sealed = OTHER_KEY.seal(JSON.stringify({ secret: "lost" }), secretsPlace(kind, id));
  await world.all(`update ${kind} set secrets = $2 where id = $1`, [id, sealed]);
  await Promise.all([world.config.upToDate(), world.worker.config.upToDate()]);
};
const statusOf = async (branch: Branch) => (await world.events(branch.id)).at(-1);
const sweepOnce = () => {
  const { pool, config, log, lanes } = world.worker;
  return sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
};

describe("a source whose secrets do not open", () => {
  test("answers 503, says why to its owner, and works again with new ones; others go on", async () => {
    await using receiver = await startReceiver();
    const source = { config: { auth_type: "API_KEY", auth: { api_key: "right" } } } as const;
    const broken = await makeBranch(world, { source, to: { url: receiver.url } });
    const sound = await makeBranch(world, { source, into: broken.destinationId });
    await sealElsewhere("source", broken.sourceId);

    const answer = await broken.post("{}", { "x-api-key": "right" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, expect.any(String)]);
    expect((await broken.post("{}")).status).toBe(503);
    expect((await sound.post("{}", { "x-api-key": "right" })).status).toBe(200);
    expect(await getSource(world.ctx, { id: broken.sourceId })).toMatchObject({
      unusable_because: expect.stringContaining("do not open"),
    });
    const { data } = await listSources(world.ctx, PAGE);
    expect(data.filter(({ unusable_because }) => unusable_because !== null)).toMatchObject([{ id: broken.sourceId }]);

    // What still lies sealed is not lost by a change of something else.
    const keep = updateSource(world.ctx, { id: broken.sourceId, config: { body_limit_bytes: 1_000 } });
    await expect(keep).rejects.toMatchObject({ code: "CONFLICT" });
    await updateSource(world.ctx, { id: broken.sourceId, description: "to be mended" });
    const mended = { id: broken.sourceId, config: { auth: { api_key: "new" } } };
    expect(await updateSource(world.ctx, mended)).toMatchObject({ unusable_because: null });
    await world.config.upToDate();
    expect((await broken.post("{}", { "x-api-key": "new" })).status).toBe(200);
  });
});

describe("a destination whose secrets do not open", () => {
  test("gets nothing: its events are held, and delivered once it has new ones; others go on", async () => {
    await using receiver = await startReceiver();
    const broken = await makeBranch(world, { to: { url: receiver.url } });
    const sound = await makeBranch(world, { from: broken, to: { url: receiver.url } });
    await sealElsewhere("destination", broken.destinationId);
    await broken.send({});
    await eventually(
      () => statusOf(sound),
      (event) => event?.status === "DELIVERED",
    );
    const held = await eventually(
      () => statusOf(broken),
      (event) => event?.status === "HOLD",
    );
    expect(held).toMatchObject({ hold_reason: "maintenance" });
    await sweepOnce();
    expect(await statusOf(broken)).toMatchObject({ status: "HOLD" });
    expect(await getDestination(world.ctx, { id: broken.destinationId })).toMatchObject({
      unusable_because: expect.stringContaining("do not open"),
    });
    expect((await listDestinations(world.ctx, PAGE)).data.length).toBeGreaterThan(1);
    const keep = updateDestination(world.ctx, { id: broken.destinationId, config: { concurrency: 3 } });
    await expect(keep).rejects.toMatchObject({ code: "CONFLICT" });

    await rotateDestinationSecret(world.ctx, { id: broken.destinationId });
    await eventually(
      async () => {
        await sweepOnce();
        return statusOf(broken);
      },
      (event) => event?.status === "DELIVERED",
    );
    expect(receiver.receipts).toHaveLength(2);
    expect(await disableDestination(world.ctx, { id: broken.destinationId })).toMatchObject({ unusable_because: null });
  });
});

describe("a transformation whose env does not open", () => {
  test("fails visibly instead of running without it, and works again with a new one", async () => {
    await using receiver = await startReceiver();
    const code = "request.headers.a = context.env.A; return request;";
    const made = await createTransformation(world.ctx, { name: "broken", code, env: { A: "value-of-env" } });
    const rules = [{ type: "transform" as const, transformation_id: made.id }];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    await sealElsewhere("transformation", made.id);
    await branch.send({});
    const [ignored] = await eventually(
      () => world.ignored(branch.id),
      (rows) => rows.length === 1,
    );
    expect(ignored).toMatchObject({ cause: "TRANSFORMATION_FAILED", detail: expect.stringContaining("do not open") });
    const reason = { unusable_because: expect.stringContaining("do not open") };
    expect(await getTransformation(world.ctx, { id: made.id })).toMatchObject(reason);
    expect(await updateTransformation(world.ctx, { id: made.id, name: "renamed" })).toMatchObject(reason);
    const changed = updateTransformation(world.ctx, { id: made.id, code: "return request;" });
    await expect(changed).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(runTransformation(world.ctx, { transformation_id: made.id })).rejects.toMatchObject({
      code: "CONFLICT",
    });

    const mended = await updateTransformation(world.ctx, { id: made.id, env: { A: "new-value" } });
    expect(mended).toMatchObject({ unusable_because: null, version: 2 });
    await branch.send({});
    const [receipt] = await receiver.received(1);
    expect(receipt?.headers.a).toBe("new-value");
  });
});

test("a process starts with them, says each once, and follows what changes after", async () => {
  const broken = await makeBranch(world, {});
  await sealElsewhere("destination", broken.destinationId);
  const { log, lines } = keepLog("info");
  const { pool, ctx, env } = world;
  const cache = await makeConfigCache({ pool, databaseUrl: env.databaseUrl, keyring: ctx.app.keyring, log });
  try {
    const later = await makeBranch(world, {});
    const snapshot = await cache.upToDate();
    expect(snapshot.destinations.get(later.destinationId)?.unusable).toBeUndefined();
    expect(snapshot.destinations.get(broken.destinationId)?.unusable).toContain("do not open");
    expect(lines.filter((line) => line.destination_id === broken.destinationId)).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("lost");
  } finally {
    await cache.close();
  }
});
