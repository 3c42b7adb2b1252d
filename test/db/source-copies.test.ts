import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test("a copy has the settings and secrets of its original, and a URL and an audit entry of its own", async () => {
  const auth = { secret: SECRET, previous_secret: "whsec_the_one_before_it", tolerance_seconds: 60 };
  const config = { auth, body_limit_bytes: 1_000, custom_response: { status: 202, body: "ok" } };
  const made = await api.post("/v1/sources", { name: "original", type: "STRIPE", description: "of ours", config });
  const copy = await api.post(`/v1/sources/${made.body.id}/duplicate`, { name: "copy" });
  expect(copy.status).toBe(201);
  expect(copy.body).toMatchObject({ name: "copy", type: "STRIPE", description: "of ours", config: made.body.config });
  expect(copy.body.id).not.toBe(made.body.id);
  expect(copy.body.url).not.toBe(made.body.url);

  // The secret itself is there, since what is signed with it is verified.
  const example = await api.get(`/v1/sources/${copy.body.id}/example`);
  expect(example.body).toMatchObject({ secret_variable: "SOURCE_SECRET", missing_because: null });
  expect(example.text).not.toContain(SECRET);
  const audit = await api.get(`/v1/audit?resource_id=${copy.body.id}`);
  expect(audit.body.data).toMatchObject([{ action: "create", resource_kind: "source" }]);
  expect(audit.text).not.toContain(SECRET);
});

test("a copy under a name that is taken is refused at the name", async () => {
  const made = await api.post("/v1/sources", { name: "one" });
  const again = await api.post(`/v1/sources/${made.body.id}/duplicate`, { name: "one" });
  expect([again.status, again.body.error.issues?.[0]?.path]).toEqual([409, "name"]);
  expect((await api.post(`/v1/sources/${made.body.id}/duplicate`, {})).status).toBe(422);
  const stranger = await api.makeTeam("others");
  const theirs = await api.makeKey([stranger]);
  const options = { key: theirs };
  expect((await api.post(`/v1/sources/${made.body.id}/duplicate`, { name: "mine" }, options)).status).toBe(404);
});
