import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { hashApiKey } from "#server/auth/api-key.ts";
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

test("while the database is away a key is believed that was right within the last hour, and no other", async () => {
  let nowMs = Date.now();
  const app = { ...api.app, now: () => new Date(nowMs) };
  const mayScrape = makeMayScrape(app, makeCallerReader([]));
  const askWith = (key: string) =>
    mayScrape({ headers: { authorization: `Bearer ${key}` }, socket: { remoteAddress: "192.0.2.1" } as never });
  const make = () => api.makeKey([api.teamId], "read");
  const [right, revoked, unseen] = [await make(), await make(), await make()];
  expect(await askWith(right)).toBe(true);
  expect(await askWith(revoked)).toBe(true);
  await app.db.apiKey.update({ where: { key_hash: hashApiKey(revoked) }, data: { revoked_at: new Date() } });
  // What authenticates believes a key for five seconds by itself.
  nowMs += 6_000;
  expect(await askWith(revoked)).toBe(false);

  const maintainer = new Client({ connectionString: inject("postgresUrl") });
  await maintainer.connect();
  const name = new URL(api.databaseUrl).pathname.slice(1);
  await maintainer.query(`alter database ${name} with allow_connections false`);
  await maintainer.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await maintainer.end();

  expect(await askWith(right)).toBe(true);
  await expect(askWith(revoked)).rejects.toThrow();
  await expect(askWith(unseen)).rejects.toThrow();
  nowMs += 3_600_000;
  await expect(askWith(right)).rejects.toThrow();
});
