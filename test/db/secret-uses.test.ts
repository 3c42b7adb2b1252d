// When each of two secrets was last of use: a rotation makes the secret that matched until then the previous one.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { newId } from "#server/ids.ts";
import { listSecretUses } from "#server/resources/secret-uses.ts";
import { getSource, rotateSourceSecret, updateSource } from "#server/resources/sources.ts";
import { makeProducer } from "#test/support/branch.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world?.[Symbol.asyncDispose]());

test("each secret says when it last matched, through a rotation and after it", async () => {
  const [first, second] = ["the-first-of-secrets", "the-second-of-secrets"];
  const { sourceId, post } = await makeProducer(world, { type: "GITHUB", config: { auth: { secret: first } } });
  const send = async (secret: string) => {
    const body = JSON.stringify({ sent: Math.random() });
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    expect((await post(body, { "x-hub-signature-256": signature })).status).toBe(200);
    const [{ created_at } = { created_at: new Date(0) }] = await world.all<{ created_at: Date }>(
      "select created_at from request where source_id = $1 order by id desc limit 1",
      [sourceId],
    );
    return created_at.toISOString();
  };
  const uses = async () => (await listSecretUses(world.ctx, { id: sourceId })).data;

  const unused = { secret: "secret", ends_in: "…rets", since: expect.any(String), last_used_at: null };
  expect(await uses()).toEqual([unused]);
  const byFirst = await send(first);
  expect(await uses()).toMatchObject([{ secret: "secret", last_used_at: byFirst }]);

  await rotateSourceSecret(world.ctx, { id: sourceId, secret: second });
  const rotated = (await uses()).map(({ since }) => since);
  await updateSource(world.ctx, { id: sourceId, description: "Changed since." });
  expect((await uses()).map(({ since }) => since)).toEqual(rotated);
  expect(rotated[0]).toBe(rotated[1]);
  await world.config.upToDate();
  expect(await uses()).toMatchObject([
    { secret: "secret", last_used_at: null },
    { secret: "previous_secret", last_used_at: byFirst },
  ]);
  const bySecond = await send(second);
  const byPrevious = await send(first);
  expect(await uses()).toMatchObject([
    { secret: "secret", last_used_at: bySecond },
    { secret: "previous_secret", last_used_at: byPrevious },
  ]);

  await updateSource(world.ctx, { id: sourceId, config: { auth: { previous_secret: null } } });
  expect(await uses()).toMatchObject([{ secret: "secret", last_used_at: bySecond }]);
  const stranger: Ctx = { ...world.ctx, teamId: newId("team") };
  await expect(listSecretUses(stranger, { id: sourceId })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a secret is told no use of one whose rotation has ended before", async () => {
  const secrets = ["the-first-of-secrets", "the-second-of-secrets", "the-third-of-secrets"] as const;
  const { sourceId, post } = await makeProducer(world, { type: "GITHUB", config: { auth: { secret: secrets[0] } } });
  const send = async (secret: string) => {
    await world.config.upToDate();
    const body = JSON.stringify({ sent: Math.random() });
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    expect((await post(body, { "x-hub-signature-256": signature })).status).toBe(200);
  };
  const uses = async () => (await listSecretUses(world.ctx, { id: sourceId })).data;
  const end = () => updateSource(world.ctx, { id: sourceId, config: { auth: { previous_secret: null } } });
  const never = { secret: "previous_secret", last_used_at: null };

  await send(secrets[0]);
  const { updated_at } = await getSource(world.ctx, { id: sourceId });
  await rotateSourceSecret(world.ctx, { id: sourceId, secret: secrets[1], if_updated_at: updated_at });
  const stale = { id: sourceId, secret: secrets[2], if_updated_at: updated_at };
  await expect(rotateSourceSecret(world.ctx, stale)).rejects.toMatchObject({ code: "CONFLICT" });
  await send(secrets[0]);
  await end();
  await rotateSourceSecret(world.ctx, { id: sourceId, secret: secrets[2] });
  expect(await uses()).toMatchObject([{ secret: "secret", last_used_at: null }, never]);

  await send(secrets[1]);
  expect(await uses()).toMatchObject([{}, { secret: "previous_secret", last_used_at: expect.any(String) }]);
  // Set by hand it never was the present one, and nothing that came so far had matched it.
  await updateSource(world.ctx, { id: sourceId, config: { auth: { previous_secret: "another-one-by-hand" } } });
  expect(await uses()).toMatchObject([{ secret: "secret", last_used_at: null }, never]);
  // Another change leaves the times as they are.
  const [, { since } = { since: null }] = await uses();
  await updateSource(world.ctx, { id: sourceId, config: { body_limit_bytes: 1_000 } });
  expect((await uses()).map((use) => use.since)).toContain(since);
});

test("a use that lies behind more requests than one call looks through is no use that never was", async () => {
  const config = { auth: { secret: "the-second-of-secrets", previous_secret: "the-first-of-secrets" } };
  const { sourceId, post } = await makeProducer(world, { type: "GITHUB", config });
  await post("{}", {});
  const [{ id, created_at } = { id: "", created_at: new Date(0) }] = await world.all<{ id: string; created_at: Date }>(
    "select id, created_at from request where source_id = $1",
    [sourceId],
  );
  await world.pool.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
     select $1, substr($3, 1, 14) || lpad(n::text, 16, '0'), $2, 'accepted', true, 'POST', '/', '', '[]', '{}', 2, '127.0.0.1', $4
     from generate_series(1, 100000) as n`,
    [world.ctx.teamId, sourceId, id, created_at],
  );
  const none = { last_used_at: null, stopped_at: created_at.toISOString() };
  expect((await listSecretUses(world.ctx, { id: sourceId })).data).toMatchObject([
    { secret: "secret", ...none },
    { secret: "previous_secret", ...none },
  ]);
});
