import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { hashApiKey } from "#server/auth/api-key.ts";
import { forgetKey } from "#server/auth/authenticate.ts";
import { makeMayScrape } from "#server/gateway/may-scrape.ts";
import { makeCallerReader } from "#server/wire/caller-address.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = (remoteAddress: string, headers: Record<string, string> = {}) =>
  makeMayScrape(api.app, makeCallerReader([]))({ headers, socket: { remoteAddress } as never });

test("a program on this machine reads the figures without a key", async () => {
  expect(await ask("127.0.0.1")).toBe(true);
  expect(await ask("::1")).toBe(true);
  expect(await ask("::ffff:127.0.0.1")).toBe(true);
});

test("others need an API key, also through a proxy on this machine", async () => {
  expect(await ask("192.0.2.1")).toBe(false);
  expect(await ask("127.0.0.1", { "x-forwarded-for": "192.0.2.1" })).toBe(false);
  expect(await ask("192.0.2.1", { authorization: `Bearer sy_${"x".repeat(43)}` })).toBe(false);
  expect(await ask("192.0.2.1", { authorization: `Bearer ${await api.makeKey([api.teamId], "read")}` })).toBe(true);
  const ofTwo = await api.makeKey([api.teamId, await api.makeTeam("other")]);
  expect(await ask("192.0.2.1", { authorization: `Bearer ${ofTwo}` })).toBe(true);
});

test("the key of an endpoint reads no figures, and would not if it were a key of two teams", async () => {
  const { key } = (await api.post("/v1/endpoints", { url: "https://agent.example.com/hooks", eventTypes: ["*"] })).body;
  expect(await ask("192.0.2.1", { authorization: `Bearer ${key}` })).toBe(false);
  const { id } = await api.db.apiKey.findUniqueOrThrow({ where: { key_hash: hashApiKey(key) } });
  await api.db.apiKeyTeam.create({ data: { api_key_id: id, team_id: await api.makeTeam("second") } });
  forgetKey(api.app, id);
  expect(await ask("192.0.2.1", { authorization: `Bearer ${key}` })).toBe(false);
});

test("a database that takes no writes finds a key right all the same; the use of an expired one is not noted", async () => {
  const expired = await api.makeKey([api.teamId], "read", new Date(Date.now() - 1_000));
  expect(await ask("192.0.2.1", { authorization: `Bearer ${expired}` })).toBe(false);
  const usedAt = async (key: string) =>
    (await api.db.apiKey.findUniqueOrThrow({ where: { key_hash: hashApiKey(key) } })).last_used_at;
  expect(await usedAt(expired)).toBeNull();
  const right = await api.makeKey([api.teamId], "read");
  await api.pool.query(`create function refuse_use() returns trigger language plpgsql as
    $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`);
  await api.pool.query("create trigger refuse before update on api_key for each row execute function refuse_use()");
  expect(await ask("192.0.2.1", { authorization: `Bearer ${right}` })).toBe(true);
  expect(await usedAt(right)).toBeNull();
  await api.pool.query("drop trigger refuse on api_key");
});

test("while the database is away a key is believed that was right within the last hour, unless it ends, and no other", async () => {
  let nowMs = Date.now();
  const app = { ...api.app, now: () => new Date(nowMs) };
  const mayScrape = makeMayScrape(app, makeCallerReader([]));
  const askWith = (key: string, gap = " ") =>
    mayScrape({ headers: { authorization: `Bearer${gap}${key}` }, socket: { remoteAddress: "192.0.2.1" } as never });
  const make = () => api.makeKey([api.teamId], "read");
  const [right, revoked, forgotten, unseen] = [await make(), await make(), await make(), await make()];
  const expiring = await api.makeKey([api.teamId], "read", new Date(nowMs + 60_000));
  for (const key of [right, revoked, forgotten, expiring]) expect(await askWith(key)).toBe(true);
  const { id: forgottenId } = await app.db.apiKey.findUniqueOrThrow({ where: { key_hash: hashApiKey(forgotten) } });
  await app.db.apiKey.update({ where: { key_hash: hashApiKey(revoked) }, data: { revoked_at: new Date() } });
  // What authenticates believes a key for five seconds by itself.
  nowMs += 6_000;
  expect(await askWith(revoked)).toBe(false);
  // However often one is spelt anew, it takes the place of no other.
  for (let spaces = 1; spaces <= 20; spaces++) expect(await askWith(forgotten, " ".repeat(spaces))).toBe(true);

  const maintainer = new Client({ connectionString: inject("postgresUrl") });
  await maintainer.connect();
  const name = new URL(api.databaseUrl).pathname.slice(1);
  await maintainer.query(`alter database ${name} with allow_connections false`);
  await maintainer.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await maintainer.end();

  expect(await askWith(right)).toBe(true);
  await expect(askWith(revoked)).rejects.toThrow();
  nowMs += 6_000;
  expect(await askWith(forgotten)).toBe(true);
  forgetKey(app, forgottenId);
  await expect(askWith(forgotten)).rejects.toThrow();
  expect(await askWith(expiring)).toBe(true);
  nowMs += 60_000;
  await expect(askWith(expiring)).rejects.toThrow();
  expect(await askWith(right)).toBe(true);
  await expect(askWith(unseen)).rejects.toThrow();
  nowMs += 3_600_000;
  await expect(askWith(right)).rejects.toThrow();
});
