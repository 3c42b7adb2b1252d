import { afterAll, beforeAll, expect, test } from "vitest";
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
