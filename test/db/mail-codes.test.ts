// Codes for e-mail to one address: no team can spend what another needs, and nobody is flooded with them.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { askMailAddress, listMailAddresses } from "#server/resources/mail-addresses.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  // Nothing is sent: what is asked for waits for a worker.
  world = await createWorld({ withWorker: false, smtpUrl: "smtp://127.0.0.1:1" });
});
afterAll(() => world[Symbol.asyncDispose]());

const victim = "victim@example.com";
const LONG_AGO = new Date(Date.now() - 30 * 86_400_000);
/** A person with a team of their own. */
async function makeTeam(name: string, since = LONG_AGO): Promise<Ctx> {
  const { db } = world.ctx.app;
  const [user_id, team_id] = [`usr_${name}`, `tm_${name}`];
  await db.user.create({ data: { id: user_id, email: `${name}@example.com`, name, created_at: since } });
  await db.team.create({ data: { id: team_id, name, created_at: since } });
  await db.member.create({ data: { team_id, user_id, role: "owner", created_at: since } });
  return { ...world.ctx, teamId: team_id, actor: { kind: "user", id: user_id } };
}
const askOften = async (ctx: Ctx, times: number) => {
  let sent = 0;
  for (let n = 0; n < times; n++)
    sent += await askMailAddress(ctx, { address: victim }).then(
      () => 1,
      () => 0,
    );
  return sent;
};
beforeEach(async () => {
  await world.pool.query("delete from mail_count");
});

test("are no team's to spend: another team still has its own", async () => {
  const [greedy, other] = [await makeTeam("greedy"), await makeTeam("other")];
  expect(await askOften(greedy, 8)).toBe(3);
  expect(await askOften(other, 1)).toBe(1);
  await expect(askMailAddress(greedy, { address: victim })).rejects.toMatchObject({
    code: "TOO_MANY_REQUESTS",
    message: expect.stringContaining("look for the newest"),
  });
});

test("are not multiplied by teams or keys that one person makes", async () => {
  const first = await makeTeam("founder");
  await world.ctx.app.db.team.create({ data: { id: "tm_second", name: "Second" } });
  const data = { team_id: "tm_second", user_id: "usr_founder", role: "owner", created_at: LONG_AGO };
  await world.ctx.app.db.member.create({ data });
  const byKey: Ctx = { ...first, teamId: "tm_second", actor: { kind: "api_key", id: "key_any" } };
  expect([await askOften(first, 2), await askOften(byKey, 5)]).toEqual([2, 1]);
});

test("are bounded in all, and a crowd of new people cannot lock out those who were here before", async () => {
  const old = await makeTeam("settled");
  let sent = 0;
  for (let n = 0; n < 4; n++) sent += await askOften(await makeTeam(`crowd-${n}`, new Date()), 3);
  expect(sent).toBe(5);
  expect(await askOften(old, 1)).toBe(1);
  for (let n = 0; n < 4; n++) sent += await askOften(await makeTeam(`elder-${n}`), 3);
  expect(sent + 1).toBe(10);
  expect((await listMailAddresses(old)).data.map(({ address }) => address)).toContain(victim);
});
