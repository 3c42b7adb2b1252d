import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareSigner } from "#server/delivery/sign.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test("a signature is checked with the destination's secrets, before and after a rotation, and none is told", async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const config = { url: "https://example.com/hook", auth: { signing_secret: secret } };
  const { id } = (await api.post("/v1/destinations", { name: "signed", config })).body;
  const delivery = { id: "evt_1", timestampSeconds: Math.floor(Date.now() / 1000), body: Buffer.from('{"n":1}') };
  const headers = Object.fromEntries(prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: secret }).sign(delivery));
  const received = {
    webhook_id: headers["webhook-id"],
    webhook_timestamp: headers["webhook-timestamp"],
    signature: headers["webhook-signature"],
    body: '{"n":1}',
  };
  const check = async (change = {}) => api.post(`/v1/destinations/${id}/check-signature`, { ...received, ...change });
  expect((await check()).body).toMatchObject({ fits: "current" });
  await api.post(`/v1/destinations/${id}/rotate-secret`, {});
  expect((await check()).body).toMatchObject({ fits: "previous" });
  await api.patch(`/v1/destinations/${id}`, { config: { auth: { previous_secret: null } } });
  const last = await check();
  expect(last.body).toMatchObject({ fits: null, says: expect.stringContaining("Another secret") });
  expect(last.text).not.toContain(secret.slice(6, 30));
  expect((await check({ signature: " " })).body.error.issues).toMatchObject([{ path: "signature" }]);
});

test("a destination that signs nothing is no mistake of the caller", async () => {
  const config = { url: "https://example.com/hook", auth_type: "NONE", auth: {} };
  const { id } = (await api.post("/v1/destinations", { name: "open", config })).body;
  const { status, body } = await api.post(`/v1/destinations/${id}/check-signature`, { signature: "v1,x", body: "" });
  expect([status, body.fits, body.says]).toEqual([200, null, "Deliveries to this destination carry no signature."]);
});
