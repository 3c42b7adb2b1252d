import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import { ListEvents } from "#server/contracts/event.ts";
import { ListRequestChildren, ListRequests } from "#server/contracts/request.ts";
import { Rules } from "#server/contracts/rule.ts";
import { parseJson } from "#server/json/parse.ts";
import { getEvent, listEvents } from "#server/resources/events.ts";
import { listIgnoredEvents } from "#server/resources/request-children.ts";
import { getRequest, listRequests } from "#server/resources/requests.ts";
import { makeBranch } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const ID = "8202522731445525542";
const NEXT = "8202522731445525543";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What became of the bodies on a connection with these rules: a cause, or null for an event. */
async function causesOf(rules: NonNullable<CreateConnection["rules"]>, bodies: string[]) {
  const branch = await makeBranch(world, { rules });
  for (const body of bodies) expect((await branch.post(body)).status).toBe(200);
  const rows = () => Promise.all([world.events(branch.id), world.ignored(branch.id)]);
  const [events, ignored] = await eventually(rows, (both) => both.flat().length === bodies.length);
  return { causes: [...events.map(() => null), ...ignored.map(({ cause }) => cause)], events, ignored };
}

describe("deduplicate", () => {
  const window = 60_000;

  test.each([[{}], [{ include_fields: ["body.id"] }], [{ exclude_fields: ["body.ts"] }]])(
    "%j takes ids that a double rounds to one for two",
    async (fields) => {
      const bodies = [`{"id":${ID},"ts":1}`, `{"id":${NEXT},"ts":1}`, `{"id":${ID}.0,"ts":1.0}`];
      const { causes } = await causesOf([{ type: "deduplicate", window, ...fields }], bodies);
      expect(causes).toEqual([null, null, "DEDUPLICATED"]);
    },
  );

  test.each([["body.order_id"], ["body.ordre_id"], ["body.items.0.sku"], ["headers.idempotency-key"]])(
    "by %s takes requests that lack it for no copies of each other",
    async (path) => {
      const bodies = ["c1", "c2", "c1"].map((customer) => `{"type":"customer.created","customer":"${customer}"}`);
      const { causes, events } = await causesOf([{ type: "deduplicate", window, include_fields: [path] }], bodies);
      expect(causes).toEqual([null, null, null]);
      expect(events[0]).toMatchObject({ why: [{}, { step: "deduplicate", outcome: "no_key" }, {}] });
    },
  );
});

describe("what is shown and searched", () => {
  const body = `{"id":${ID},"kind":"shown","list":[{"n":1e400}]}`;
  const inList = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);

  test("has the digits that were sent, in the request, the event and their lists", async () => {
    const branch = await makeBranch(world, { rules: [{ type: "filter", body: { kind: "shown" } }] });
    for (const text of [body, body.replace(ID, NEXT), body.replace("1e400", "1e401")]) await branch.post(text);
    const events = await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 3,
    );
    const details = await Promise.all(events.map(({ id }) => getEvent(world.ctx, { id })));
    const event = details.find((one) => JSON.stringify(one.body) === body);
    if (!event) throw new Error(`No event shows the body: ${JSON.stringify(details)}`);
    expect(JSON.stringify((await getRequest(world.ctx, { id: event.request_id })).body)).toBe(body);

    for (const search of [`{"id":${ID},"list":[{"n":1e400}]}`, `{"id":${ID}.0,"list":[{"n":10e399}]}`]) {
      const requests = await listRequests(world.ctx, ListRequests.parse({ body: search }));
      expect([search, inList(requests)]).toEqual([search, [event.request_id]]);
      const found = await listEvents(world.ctx, ListEvents.parse({ body: search }));
      expect([search, inList(found)]).toEqual([search, [event.id]]);
    }
    expect(inList(await listEvents(world.ctx, ListEvents.parse({ body: `{"id":${ID}9}` })))).toEqual([]);
    await expect(listEvents(world.ctx, ListEvents.parse({ body: '{"id":1e999999999}' }))).rejects.toThrow(
      "Search for numbers of at most 10000 digits, with the exponent written out.",
    );
  });

  test("a filter that fails shows the digits in its trace", async () => {
    const rules = Rules.parse([{ type: "filter", body: parseJson(`{"id":${ID}}`) }]);
    const { causes, ignored } = await causesOf(rules, [`{"id":${NEXT}}`]);
    expect(causes).toEqual(["FILTERED"]);
    const [shown] = (
      await listIgnoredEvents(world.ctx, ListRequestChildren.parse({ request_id: ignored[0]?.request_id }))
    ).data;
    expect(JSON.stringify(shown?.why)).toContain(`"expected":${ID},"actual":${NEXT}`);
    expect(shown?.detail).toBe(`body.id must equal ${ID} but is ${NEXT}.`);
  });
});

describe("saved filters", () => {
  test("keep their digits from REST to the verdict and back", async () => {
    const key = newApiKey();
    await world.ctx.app.db.apiKey.create({
      data: apiKeyRow(new Date(), {
        key,
        name: "numbers",
        scope: "write",
        teamIds: [world.ctx.teamId],
        expiresAt: null,
      }),
    });
    const call = async (method: string, path: string, body?: string) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const answer = await fetch(`${world.doorUrl}/v1${path}`, { method, headers, ...(body && { body }) });
      return { status: answer.status, text: await answer.text() };
    };
    const filter = `{"body":{"id":{"$in":[${ID},0.1234567890123456789]}},"type":"filter"}`;
    const branch = await makeBranch(world, {});
    const saved = await call("PATCH", `/connections/${branch.id}`, `{"rules":[${filter}]}`);
    expect([saved.status, saved.text]).toEqual([200, expect.stringContaining(`${ID},0.1234567890123456789]`)]);
    for (const path of [`/connections/${branch.id}`, "/connections"]) {
      expect((await call("GET", path)).text).toContain(`{"$in":[${ID},0.1234567890123456789]}`);
    }
    expect((await call("PATCH", `/connections/${branch.id}`, `{"description":"x"}`)).text).toContain(ID);
    for (const id of [ID, NEXT]) await branch.post(`{"id":${id}}`);
    const rows = () => Promise.all([world.events(branch.id), world.ignored(branch.id)]);
    const [events, ignored] = await eventually(rows, (both) => both.flat().length === 2);
    expect([events.length, ignored.length]).toEqual([1, 1]);

    const refused = await call("PATCH", `/connections/${branch.id}`, `{"rules":[{"type":"delay","delay":1e400}]}`);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("rules[0].delay")]);
    const run = await call(
      "PUT",
      "/transformations/run",
      `{"code":"console.log(request.body.id); request.body.copy = request.body.id; return request","request":{"body":{"id":${ID}}}}`,
    );
    expect(run.text).toContain(`"body":{"id":${ID},"copy":${ID}}`);
    expect(run.text).toContain(`"text":"${ID}"`);
  });
});
