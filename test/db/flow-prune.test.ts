// What a file declares no more: it stays until it is pruned, and longer where something uses it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";
import { eventually } from "#test/support/world.ts";

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  key = await api.makeKey([await api.makeTeam("a team of its own")]);
});

const file = (spec: string, name = "payments") =>
  `apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const PAYMENTS = file(`  source: { name: shop }
  destinations:
    - name: orders
      type: MOCK
      rateLimit: 600/minute
      retry: { strategy: linear, interval: 1m, count: 8 }
    - name: ledger
      type: MOCK
`);
const post = (path: string, body: object) => api.post(`/v1/flows/${path}`, body, { key });
const applied = async (text: string, more: object = {}) => {
  const answer = await post("apply", { text, ...more });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const one = async (kind: string, name: string) => (await api.get(`/v1/${kind}?name=${name}`, { key })).body.data[0];
const change = async (kind: string, name: string, body: object) => {
  const answer = await api.patch(`/v1/${kind}/${(await one(kind, name)).id}`, body, { key });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const flows = async () => (await api.get("/v1/flows", { key })).body.data;

describe("what a file declares no more", () => {
  const LESS = file(`  source: { name: shop }
  destinations:
    - { name: orders, type: MOCK, rateLimit: 600/minute, retry: { strategy: linear, interval: 1m, count: 8 } }
`);

  test("stays and is told of, until it is pruned", async () => {
    await applied(PAYMENTS);
    const planned = await post("plan", { text: LESS });
    expect(planned.body.left.map(({ name }: { name: string }) => name).sort()).toEqual(["ledger", "shop-ledger"]);
    await applied(LESS);
    expect(await one("destinations", "ledger")).toBeDefined();
    const pruned = await applied(LESS, { prune: true });
    expect(pruned.changes.map(({ action, name }: { action: string; name: string }) => [action, name])).toEqual([
      ["delete", "shop-ledger"],
      ["delete", "ledger"],
    ]);
    expect([await one("destinations", "ledger"), (await flows())[0].resources.length]).toEqual([undefined, 3]);
  });

  test("is pruned only where nobody else uses it, and nothing that the flow does not own", async () => {
    await api.post("/v1/destinations", { name: "by-hand", type: "MOCK" }, { key });
    await applied(PAYMENTS);
    const other = { name: "other", source: { name: "s2" }, destination_id: (await one("destinations", "ledger")).id };
    await api.post("/v1/connections", other, { key });
    const pruned = await applied(LESS, { prune: true });
    expect(pruned.changes.map(({ name }: { name: string }) => name)).toEqual(["shop-ledger"]);
    for (const name of ["ledger", "by-hand"]) expect(await one("destinations", name), name).toBeDefined();
  });

  test("is refused as changed meanwhile where somebody begins to use it at that moment", async () => {
    await applied(PAYMENTS);
    const source = (await api.post("/v1/sources", { name: "racing" }, { key })).body.id;
    const { id } = await one("destinations", "ledger");
    const other = await api.pool.connect();
    try {
      await other.query("begin");
      await other.query(
        `insert into connection (id, team_id, name, source_id, destination_id)
         select 'web_racing', team_id, 'racing', $1, id from destination where id = $2`,
        [source, id],
      );
      const pruning = post("apply", { text: LESS, prune: true });
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await eventually(
        () => api.pool.query(waiting),
        ({ rowCount }) => rowCount === 1,
      );
      await other.query("commit");
      const { status, body } = await pruning;
      expect([status, body.error.message]).toEqual([409, expect.stringContaining("plan again")]);
    } finally {
      other.release();
    }
    expect(await one("connections", "shop-ledger")).toBeDefined();
    expect((await applied(LESS, { prune: true })).changes.map(({ name }: { name: string }) => name)).toEqual([
      "shop-ledger",
    ]);
  });

  test("stays where somebody else's rule runs it or somebody else's dead letters come there", async () => {
    await applied(
      file(`  source: { name: shop }
  transformations: [{ name: used, code: return request }, { name: unused, code: return request }]
  destinations:
    - { name: orders, type: MOCK, transform: unused }
    - { name: letters, type: MOCK, connect: false, deadLetter: last }
    - { name: last, type: MOCK, connect: false }
    - { name: free, type: MOCK, connect: false }
`),
    );
    await applied(
      file(
        "  source: { name: s2 }\n  destinations: [{ name: d2, type: MOCK, transform: used, deadLetter: letters }]\n",
        "g",
      ),
    );
    const less = file("  source: { name: shop }\n  destinations: [{ name: orders, type: MOCK }]\n");
    const planned = await post("plan", { text: less, prune: true });
    expect(planned.body.left.map(({ name }: { name: string }) => name).sort()).toEqual(["last", "letters", "used"]);
    const pruned = await applied(less, { prune: true, fingerprint: planned.body.fingerprint });
    const deleted = pruned.changes.filter(({ action }: { action: string }) => action === "delete");
    expect(deleted.map(({ name }: { name: string }) => name)).toEqual(["free", "unused"]);
  });

  test("stays where the file refers to it, or where a connection leads by the choice of what runs", async () => {
    const spec = "  source: { name: shop }\n  destinations:\n    - { name: orders, type: MOCK }\n";
    await applied(file(`${spec}    - { name: e, type: MOCK }\n    - { name: f, type: MOCK, connect: false }\n`));
    await change("connections", "shop-orders", { destination_id: (await one("destinations", "f")).id });
    const less = file(`${spec}    - { ref: e }\n`);
    const pruned = await applied(less, { prune: true, drift: "runs" });
    expect(pruned.changes).toEqual([]);
    expect((await applied(less, { prune: true, drift: "file" })).changes).toMatchObject([
      { action: "update", name: "shop-orders" },
      { action: "delete", name: "f" },
    ]);
  });

  test("goes before what takes its dead letters, whatever the names", async () => {
    const chain = ["b", "d", "a", "c"];
    const letters = chain.map(
      (name, index) => `    - { name: ${name}, type: MOCK, ${index < 3 ? `deadLetter: ${chain[index + 1]}` : ""} }\n`,
    );
    await applied(file(`  destinations:\n${letters.join("")}`));
    const pruned = await applied(file("  source: { name: shop }\n"), { prune: true });
    const deleted = pruned.changes.filter(({ action }: { action: string }) => action === "delete");
    expect(deleted.map(({ name }: { name: string }) => name)).toEqual(chain);
  });
});

test("only what is new is made: what is there stays as it runs, whoever owns it, and no flow is kept", async () => {
  const text = (more: string) =>
    `apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: moved }\nspec:\n  source: { name: moved-in, disabled: true }\n  destinations:\n    - { name: moved-old, type: MOCK, status: 201 }\n${more}`;
  await api.post("/v1/flows/apply", { text: text("") });
  await api.post("/v1/sources", { name: "moved-shared" });
  const file = text("    - { name: moved-new, type: MOCK, deadLetter: moved-old }\n")
    .replace("disabled: true", "type: STRIPE")
    .replace("status: 201", "status: 500");
  const before = (await api.get("/v1/flows")).body;
  const planned = await api.post("/v1/flows/plan", { text: file, only_new: true });
  expect(planned.body).toMatchObject({ problems: [], flows: [], left: [], unchanged_count: 3 });
  expect(planned.body.changes.map(({ action, name }: Named) => [action, name])).toEqual([
    ["create", "moved-new"],
    ["create", "moved-in-moved-new"],
  ]);
  const differs = (name: string) => planned.body.existing.find((each: Named) => each.name === name)?.paths;
  expect(differs("moved-old")).toEqual(["config.status"]);
  expect(differs("moved-in")).toEqual(expect.arrayContaining(["type", "disabled", "config.auth_type"]));
  expect(differs("moved-in-moved-old")).toEqual([]);

  const { fingerprint } = planned.body;
  const refused = await api.post("/v1/flows/apply", { text: file, fingerprint });
  expect(refused.status).toBe(409);
  const applied = await api.post("/v1/flows/apply", { text: file, only_new: true, fingerprint });
  expect(applied.body).toMatchObject({ is_changed: true, unchanged_count: 3 });
  expect((await api.get("/v1/sources?name=moved-in")).body.data[0]).toMatchObject({ type: "WEBHOOK" });
  expect((await api.get("/v1/flows")).body).toEqual(before);
  const again = await api.post("/v1/flows/apply", { text: file, only_new: true });
  expect(again.body).toMatchObject({ is_changed: false, changes: [], unchanged_count: 5 });

  for (const path of ["plan", "apply"]) {
    const both = await api.post(`/v1/flows/${path}`, { text: file, only_new: true, prune: true });
    expect([both.status, both.body.error.issues]).toEqual([
      422,
      [{ path: "prune", message: expect.stringContaining("send one of the two") }],
    ]);
  }
});
type Named = { action: string; name: string; paths: string[] };
