import { TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { createContext } from "#server/api/trpc.ts";
import { parseJson } from "#server/json/parse.ts";
import { exactNumbersTransport } from "#server/json/transport.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const callerOf = (key: string) =>
  appRouter.createCaller(createContext(api.app, new Headers({ authorization: `Bearer ${key}` }), "192.0.2.1"));

/** One call over HTTP as the browser makes it. */
async function overHttp(procedure: string, input: unknown, key?: string) {
  const headers = { "content-type": "application/json", ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  const req = new Request(`http://test/trpc/${procedure}`, { method: "POST", headers, body: JSON.stringify(input) });
  const res = await fetchRequestHandler({
    endpoint: "/trpc",
    req,
    router: appRouter,
    createContext: () => createContext(api.app, req.headers, "192.0.2.1"),
  });
  return { status: res.status, body: await res.json() };
}

test("the same verbs answer as over REST", async () => {
  const made = await callerOf(api.key).sources.create({ name: "by-trpc" });
  expect((await api.get(`/v1/sources/${made.id}`)).body).toEqual(made);
  const listed = await callerOf(api.key).sources.list({ limit: 1, order_by: "created_at", dir: "desc" });
  expect(listed.data).toEqual([made]);
});

test("numbers that no double holds go to and fro as text, and anything else as it is", async () => {
  const code = "request.body.copy = request.body.id; return request;";
  const input = { code, request: parseJson('{"body":{"id":8202522731445525542}}') };
  const { status, body } = await overHttp("transformations.run", exactNumbersTransport.serialize(input), api.key);
  expect(status).toBe(200);
  const answer = exactNumbersTransport.deserialize(body.result.data);
  expect(JSON.stringify(answer)).toContain('"body":{"id":8202522731445525542,"copy":8202522731445525542}');
  const plain = { a: [1, { b: undefined }], d: new Date(0) };
  expect(exactNumbersTransport.serialize(plain)).toBe(plain);
  for (const value of [plain, null, undefined, { $json: 1 }, { $json: "1", b: 2 }]) {
    expect(exactNumbersTransport.deserialize(value)).toBe(value);
  }
});

test("a mistake keeps its code, its sentence and its fields", async () => {
  const taken = await overHttp("sources.create", { name: "by-trpc" }, api.key);
  expect(taken.status).toBe(409);
  expect(taken.body.error.data.issues).toMatchObject([{ path: "name" }]);
  const wrong = await overHttp("sources.create", { name: "a b", config: { nonsense: 1 } }, api.key);
  expect(wrong.status).toBe(422);
  expect(wrong.body.error.data.issues.map((issue: { path: string }) => issue.path)).toEqual([
    "name",
    "config.nonsense",
  ]);
  expect(wrong.body.error.data).not.toHaveProperty("stack");
});

test("a stranger is 401, a reader 403 and another team 404", async () => {
  expect((await overHttp("sources.create", { name: "x" })).status).toBe(401);
  expect((await overHttp("sources.create", { name: "x" }, `sy_${"x".repeat(43)}`)).status).toBe(401);
  const reader = await api.makeKey([api.teamId], "read");
  expect((await overHttp("sources.create", { name: "x" }, reader)).status).toBe(403);
  const other = await api.makeKey([await api.makeTeam("other")]);
  const ours = await callerOf(api.key).sources.create({ name: "ours" });
  const foreign = callerOf(other).sources.get({ id: ours.id });
  await expect(foreign).rejects.toThrow(TRPCError);
  await expect(foreign).rejects.toMatchObject({ code: "NOT_FOUND" });
});
