// Saved views of lists, by the API: a team's own, bounded, and never overwritten unseen.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_VIEWS } from "#server/contracts/saved-view.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const FAILED = { list: "events", name: "Failed this week", filters: { status: "FAILED", time: "7d" } };

async function makeTeam() {
  const team = await api.makeTeam("on-call");
  const key = await api.makeKey([team]);
  const save = (view: object = {}) => api.post("/v1/views", { ...FAILED, ...view }, { key });
  const names = async (list = "events") =>
    (await api.get(`/v1/views?list=${list}`, { key })).body.data.map(({ name }: { name: string }) => name);
  return { team, key, save, names };
}

describe("a saved view", () => {
  test("is found again on its list alone, by name, and is changed and deleted", async () => {
    const { team, key, save, names } = await makeTeam();
    const saved = await save({ name: "  Failed this week " });
    expect([saved.status, saved.body]).toEqual([
      201,
      {
        ...FAILED,
        team_id: team,
        id: expect.stringMatching(/^viw_/),
        created_at: saved.body.updated_at,
        updated_at: saved.body.updated_at,
      },
    ]);
    await save({ name: "All", filters: {} });
    await save({ list: "requests" });
    expect([await names(), await names("requests"), await names("attempts")]).toEqual([
      ["All", "Failed this week"],
      ["Failed this week"],
      [],
    ]);

    expect((await api.get("/v1/views", { key })).body.data).toHaveLength(3);

    const path = `/v1/views/${saved.body.id}`;
    const changed = await api.patch(path, { filters: { status: "HOLD" } }, { key });
    expect(changed.body).toMatchObject({ name: FAILED.name, filters: { status: "HOLD" } });
    expect((await api.patch(path, { name: "Held" }, { key })).status).toBe(200);
    expect(await names()).toEqual(["All", "Held"]);
    expect((await api.call("DELETE", path, undefined, { key })).status).toBe(200);
    expect([await names(), (await api.call("DELETE", path, undefined, { key })).status]).toEqual([["All"], 404]);
    const { rows } = await api.pool.query(
      "select action, before, after from audit_entry where resource_kind = 'saved_view' and resource_id = $1 order by seq",
      [saved.body.id],
    );
    expect(rows.map(({ action }) => action)).toEqual(["create", "update", "update", "delete"]);
    expect(JSON.parse(rows[2].after)).toEqual({ name: "Held" });
  });

  test("that somebody else has changed is not overwritten: the answer says who and what", async () => {
    const { key, save } = await makeTeam();
    const { body } = await save();
    const change = (input: object) =>
      api.patch(`/v1/views/${body.id}`, { ...input, if_updated_at: body.updated_at }, { key });
    expect((await change({ filters: { status: "HOLD" } })).status).toBe(200);
    const refused = await change({ filters: { status: "RETRYING" } });
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      expect.stringMatching(/^This saved view is not as you read it any more: you changed filters.* at /),
    ]);
  });

  test("has a name that no other of its list has, of two made at once too", async () => {
    const { save, names } = await makeTeam();
    const answers = await Promise.all([save(), save()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.error.issues).toEqual([
      {
        path: "name",
        message: "Another view of this list has this name: choose another one, or change that view.",
      },
    ]);
    expect(await names()).toHaveLength(1);
  });

  test.each([
    [{ name: " " }, "name"],
    [{ name: "x".repeat(61) }, "name"],
    [{ name: "a\nb" }, "name"],
    [{ list: "bulk" }, "list"],
    [{ filters: { "Not a filter": "x" } }, "filters.Not a filter"],
    [{ filters: { status: "" } }, "filters.status"],
    [{ filters: { status: "x".repeat(2_049) } }, "filters.status"],
    [{ filters: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${"_".repeat(i)}`, "x"])) }, "filters"],
    [{ filters: Object.fromEntries(["a", "b", "c", "d", "e"].map((key) => [key, "x".repeat(2_000)])) }, "filters"],
  ])("%# that nobody can read is refused at its field", async (wrong, path) => {
    const { save, names } = await makeTeam();
    const answer = await save(wrong);
    expect([answer.status, answer.body.error.issues[0].path]).toEqual([422, path]);
    expect(await names()).toEqual([]);
  });

  test(`is one of ${MAX_VIEWS} of its list, however many are saved at once`, async () => {
    const { team, save, names } = await makeTeam();
    await api.pool.query(
      `insert into saved_view (id, team_id, list, name, filters, created_at, updated_at)
       select 'viw_' || $1 || n, $1, 'events', 'n' || n, '{}', now(), now() from generate_series(1, $2) as n`,
      [team, MAX_VIEWS - 1],
    );
    const answers = await Promise.all([save({ name: "a" }), save({ name: "b" }), save({ name: "c" })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await names()).toHaveLength(MAX_VIEWS);
    expect((await save({ list: "requests" })).status).toBe(201);
  });

  test("goes with its team", async () => {
    const { team, save } = await makeTeam();
    await save();
    await api.pool.query("delete from team where id = $1", [team]);
    expect((await api.pool.query("select 1 from saved_view where team_id = $1", [team])).rowCount).toBe(0);
  });
});
