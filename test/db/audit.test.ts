import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAuditLog } from "#server/auth/audit-chain.ts";
import { runAdmin } from "#server/cli/admin-commands.ts";
import { parseEnv } from "#server/env.ts";
import { newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** A team of its own, whose calls nobody else's entries come between. */
async function makeTeam() {
  const team = await api.makeTeam("audited");
  const key = await api.makeKey([team]);
  const entries = async (query = "") => (await api.get(`/v1/audit?dir=asc&${query}`, { key })).body.data;
  return { team, key, entries };
}
const admin = (...words: string[]) =>
  runAdmin({ db: api.db, env: parseEnv({}), now: new Date() }, { words, options: {} });

describe("an entry", () => {
  test("says who changed which members from what to what, with secrets masked", async () => {
    const { key, entries } = await makeTeam();
    const auth = { api_key: "first-secret-of-the-source-aaaa", header: "x-key" };
    const made = await api.post("/v1/sources", { name: "s", config: { auth_type: "API_KEY", auth } }, { key });
    const path = `/v1/sources/${made.body.id}`;
    await api.patch(
      path,
      { name: "t", config: { auth: { ...auth, api_key: "other-secret-of-the-source-bbbb" } } },
      { key },
    );
    await api.delete(path, { key });
    const [created, updated, deleted] = await entries("resource_kind=source");
    expect(created).toMatchObject({ action: "create", before: null, after: { name: "s", id: made.body.id } });
    expect(updated).toMatchObject({ action: "update", actor_kind: "api_key", resource_id: made.body.id });
    expect(updated.before).toEqual({ name: "s", config: { auth: { api_key: "…aaaa" } } });
    expect(updated.after).toEqual({ name: "t", config: { auth: { api_key: "…bbbb" } } });
    expect(deleted).toMatchObject({ action: "delete", before: { name: "t" }, after: null });
  });

  test("of a connection holds its rules as they were, and of a document only its size", async () => {
    const { key, entries } = await makeTeam();
    const rules = [
      { type: "filter", body: { n: { $in: Array.from({ length: 90 }, (_, i) => `${i}`.padEnd(900, "x")) } } },
    ];
    const ends = { source: { name: "s" }, destination: { name: "d", config: { url: "https://example.com" } } };
    const made = await api.post("/v1/connections", { name: "c", ...ends, rules }, { key });
    expect(made.status).toBe(201);
    await api.patch(`/v1/connections/${made.body.id}`, { rules: [{ type: "delay", delay: 1_000 }] }, { key });
    const [created, updated] = await entries("resource_kind=connection");
    expect(created.after.left_out_characters).toBeGreaterThan(64 * 1024);
    expect(updated.before.left_out_characters).toBeGreaterThan(64 * 1024);
    expect(updated.after).toEqual({ rules: [{ type: "delay", delay: 1_000 }] });
  });
});

describe("the list", () => {
  test("is filtered by actor, action and resource, and pages", async () => {
    const { key, entries } = await makeTeam();
    for (const name of ["a", "b", "c"]) await api.post("/v1/sources", { name }, { key });
    await api.post("/v1/api-keys", { name: "k" }, { key });
    expect(await entries("action=create&resource_kind=api_key")).toHaveLength(1);
    expect(await entries("action=delete,revoke")).toEqual([]);
    const [first] = await entries("limit=1");
    expect(await entries(`resource_id=${first.resource_id}`)).toEqual([first]);
    expect(await entries(`actor_id=${first.actor_id}`)).toHaveLength(4);
    const page = await api.get("/v1/audit?limit=3", { key });
    const rest = await api.get(`/v1/audit?limit=3&next=${page.body.pagination.next}`, { key });
    expect(new Set([...page.body.data, ...rest.body.data].map(({ seq }) => seq))).toEqual(new Set([1, 2, 3, 4]));
    expect([page.body.count, rest.body.count]).toEqual([4, 4]);
    expect((await api.get("/v1/audit?action=create&resource_kind=source&to=now-1h", { key })).body.count).toBe(0);
  });

  test("says how many match, up to what is worth counting", async () => {
    const { team, key } = await makeTeam();
    // Ten thousand links of a chain and versions in one transaction take seconds, and are not counted.
    await api.pool.query("alter table audit_entry disable trigger user");
    try {
      await api.pool.query(
        `insert into audit_entry (id, team_id, actor_kind, actor_id, action, resource_kind, resource_id, created_at)
         select 'aud_' || lpad(n::text, 26, '0'), $1, 'system', 's', case when n = 1 then 'delete' else 'update' end, 'source', 'src_x', now()
         from generate_series(1, 10001) as n`,
        [team],
      );
    } finally {
      await api.pool.query("alter table audit_entry enable trigger user");
    }
    const countOf = async (query: string) => (await api.get(`/v1/audit?limit=1&${query}`, { key })).body.count;
    expect([await countOf(""), await countOf("action=update"), await countOf("action=delete")]).toEqual([
      undefined,
      10_000,
      1,
    ]);
  });

  test("calls actors and resources by the names they have today, and by none of another team", async () => {
    const { team, key, entries } = await makeTeam();
    const made = await api.post("/v1/sources", { name: "first" }, { key });
    await api.patch(`/v1/sources/${made.body.id}`, { name: "second" }, { key });
    const gone = await api.post("/v1/sources", { name: "gone" }, { key });
    await api.delete(`/v1/sources/${gone.body.id}`, { key });
    expect((await entries()).map((entry: { resource_name: string | null }) => entry.resource_name)).toEqual([
      "second",
      "second",
      null,
      null,
    ]);
    expect((await entries("limit=1"))[0].actor_name).toBe("test");
    const stranger = { ...(await entries("limit=1"))[0], resource_id: "", id: newId("audit_entry") };
    const theirs = await api.post("/v1/sources", { name: "theirs" });
    const { actor_name: _a, resource_name: _r, seq: _s, hash: _h, before: _b, after: _f, ...row } = stranger;
    await api.db.auditEntry.create({ data: { ...row, team_id: team, resource_id: theirs.body.id } });
    expect((await entries(`resource_id=${theirs.body.id}`))[0].resource_name).toBeNull();
  });

  test("is not for a key that reads", async () => {
    const { team } = await makeTeam();
    const key = await api.makeKey([team], "read");
    for (const path of ["/v1/audit", "/v1/audit/verify"]) {
      const answer = await api.get(path, { key });
      expect([answer.status, answer.body.error.message]).toEqual([403, expect.stringContaining("audit.read")]);
    }
  });
});

describe("the chain", () => {
  test("is whole and without gaps when many change things at once, and nobody waits in a circle", async () => {
    const { team, key, entries } = await makeTeam();
    const upsert = (i: number) => ({
      name: `c${i % 3}`,
      source: { name: `s${i % 2}` },
      destination: { name: `d${i % 2}`, config: { url: `https://example.com/${i}` } },
    });
    for (let i = 0; i < 6; i++) await api.put("/v1/connections", upsert(i), { key });
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => api.put("/v1/connections", upsert(i), { key })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const all = await entries("limit=255");
    const numbers = all.map(({ seq }: { seq: number }) => seq).toSorted((a: number, b: number) => a - b);
    expect(numbers).toEqual(numbers.map((_: number, i: number) => i + 1));
    expect(await verifyAuditLog(api.db, team)).toMatchObject({ kind: "whole", head: { seq: BigInt(all.length) } });
  });

  test("holds nothing of a change that was rolled back", async () => {
    const { team, key } = await makeTeam();
    await api.post("/v1/sources", { name: "s" }, { key });
    expect((await api.post("/v1/sources", { name: "s" }, { key })).status).toBe(409);
    expect(await verifyAuditLog(api.db, team)).toMatchObject({ kind: "whole", head: { seq: 1n } });
  });

  const third = "team_id = $1 and seq = 3";
  test.each([
    ["a changed word", `update audit_entry set after = replace(after, '"s3"', '"s4"') where ${third}`, "number 3"],
    ["another actor", `update audit_entry set actor_id = 'key_other' where ${third}`, "number 3"],
    ["another time", `update audit_entry set created_at = created_at + interval '1 day' where ${third}`, "number 3"],
    ["an entry taken out", `delete from audit_entry where ${third}`, "number 3 is missing"],
    [
      "the last entry taken out",
      "delete from audit_entry where team_id = $1 and seq = 5",
      "after number 4 are missing",
    ],
    ["the head taken out", "delete from audit_head where team_id = $1", "record of the newest"],
    ["an entry cut loose", `update audit_entry set seq = null, hash = null where ${third}`, "outside of the chain"],
    [
      "an entry whose hash was made to fit",
      `update audit_entry set after = '{}', hash = repeat('0', 64) where ${third}`,
      "number 3",
    ],
  ])("shows %s", async (_what, statement, says) => {
    const { team, key } = await makeTeam();
    for (const name of ["s1", "s2", "s3", "s5", "s6"]) await api.post("/v1/sources", { name }, { key });
    expect(await verifyAuditLog(api.db, team)).toMatchObject({ kind: "whole" });
    expect(await admin("audit", "verify", team)).toMatch(/whole: 5 entries, the last is [0-9a-f]{64}$/);
    await api.pool.query(statement, [team]);
    expect(await verifyAuditLog(api.db, team)).toEqual({ kind: "broken", says: expect.stringContaining(says) });
    await expect(admin("audit", "verify", team)).rejects.toThrow(/BROKEN/);
    const { body } = await api.get("/v1/audit/verify", { key });
    expect(body).toMatchObject({ is_whole: false, says: expect.stringContaining(says) });
  });

  test("is checked back to its beginning, or among the newest entries alone", async () => {
    const { team, key } = await makeTeam();
    for (const name of ["s1", "s2", "s3", "s4"]) await api.post("/v1/sources", { name }, { key });
    expect((await api.get("/v1/audit/verify", { key })).body).toMatchObject({
      is_whole: true,
      is_all: true,
      checked: 4,
      last_seq: 4,
      last_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      says: null,
    });
    await api.pool.query("update audit_entry set after = '{}' where team_id = $1 and seq = 1", [team]);
    expect(await verifyAuditLog(api.db, team, 2)).toMatchObject({ kind: "whole", checked: 2 });
    await api.pool.query("update audit_entry set after = '{}' where team_id = $1 and seq = 3", [team]);
    expect(await verifyAuditLog(api.db, team, 2)).toMatchObject({
      kind: "broken",
      says: expect.stringContaining("number 3"),
    });
    await api.pool.query("delete from audit_entry where team_id = $1 and seq = 2", [team]);
    expect(await verifyAuditLog(api.db, team, 2)).toMatchObject({
      kind: "broken",
      says: expect.stringContaining("number 2"),
    });
  });

  test("leaves entries from before it alone", async () => {
    const { team, key } = await makeTeam();
    await api.pool.query("alter table audit_entry disable trigger audit_entry_chain");
    await api.post("/v1/sources", { name: "old" }, { key });
    await api.pool.query("alter table audit_entry enable trigger audit_entry_chain");
    api.wait(10);
    await api.post("/v1/sources", { name: "new" }, { key });
    expect(await verifyAuditLog(api.db, team)).toMatchObject({ kind: "whole", head: { seq: 1n }, unchained: 1 });
  });
});
