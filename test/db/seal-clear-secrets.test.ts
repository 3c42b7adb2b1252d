import { afterAll, beforeAll, expect, test } from "vitest";
import { sealClearSecrets } from "#server/resources/seal-clear-secrets.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const inClear = async () =>
  (
    await api.pool.query(
      "select env::text as text from transformation union all select env::text from transformation_version union all select config::text from destination",
    )
  ).rows.filter(({ text }) => text.includes("in-clear"));

test("what was saved in clear is encrypted, read and used as before, and a second run changes nothing", async () => {
  const url = "https://receiver.example";
  const destination = await api.post("/v1/destinations", {
    name: "d",
    config: { url, headers: { "x-new": "sealed-at-once" } },
  });
  const transformation = await api.post("/v1/transformations", { name: "t", code: "return request", env: { A: "x" } });
  await api.pool.query(`update transformation set env = '{"A": "env-in-clear"}', secrets = null`);
  await api.pool.query(`update transformation_version set env = '{"A": "env-in-clear"}', secrets = null`);
  await api.pool.query(
    `update destination set config = jsonb_set(config::jsonb, '{headers}', '{"x-old": "header-in-clear"}')`,
  );
  const read = async () => [
    (await api.get(`/v1/destinations/${destination.body.id}`)).body.config.headers,
    (await api.get(`/v1/transformations/${transformation.body.id}`)).body.env,
    (await api.get(`/v1/transformations/${transformation.body.id}/versions`)).body.data[0].env,
  ];
  const before = await read();
  expect(before).toEqual([{ "x-old": "…lear", "x-new": "…once" }, { A: "…lear" }, { A: "…lear" }]);
  expect(await inClear()).toHaveLength(3);

  await sealClearSecrets(api.app);
  expect(await inClear()).toEqual([]);
  expect(await read()).toEqual(before);
  const sealed = await api.pool.query("select secrets from transformation union all select secrets from destination");
  await sealClearSecrets(api.app);
  expect(
    (await api.pool.query("select secrets from transformation union all select secrets from destination")).rows,
  ).toEqual(sealed.rows);
});
