// What a team has, written as a file, changes nothing where it is applied; and the file written from that is the same.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";
import { makeConfiguration } from "#test/support/flow-configs.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

test.each(SEEDS)("configuration %i is exported as what changes nothing, byte for byte", async (seed) => {
  const key = await api.makeKey([await api.makeTeam(`seed ${seed}`)]);
  await makeConfiguration(api, key, seed);
  const read = async () => (await api.get("/v1/flows/export", { key })).body.text as string;
  const text = await read();
  expect(text).not.toMatch(/-of-the-test|whsec_/);
  const plan = await api.post("/v1/flows/plan", { text }, { key });
  expect([plan.status, plan.body.problems, plan.body.changes], text).toEqual([200, [], []]);
  const applied = await api.post("/v1/flows/apply", { text }, { key });
  expect([applied.status, applied.body.changes], applied.text).toEqual([200, []]);
  expect(await read()).toBe(text);
  // Owned now, and still as the file says.
  const again = await api.post("/v1/flows/apply", { text }, { key });
  expect(again.body).toMatchObject({ is_changed: false });
  const { data } = (await api.get("/v1/flows", { key })).body;
  expect(data.map((flow: { drifted_count: number }) => flow.drifted_count)).toEqual(data.map(() => 0));
});
