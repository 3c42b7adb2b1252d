// Thousands of endpoints on one source: an event goes to those that asked for it, and the others cost nothing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEndpoint } from "#server/resources/endpoint-registration.ts";
import { listEndpoints } from "#server/resources/endpoints.ts";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { createWorld, type World } from "#test/support/world.ts";

const MANY = 1_500;
let world: World;
let producer: Producer;

beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  producer = await makeProducer(world, { type: "WEBHOOK" });
  // Made as rows: calls have a budget of a thousand a minute.
  const { teamId } = world.ctx;
  await world.pool.query(
    `with made as (
       insert into destination (id, team_id, name, type, config)
       select 'des_' || lpad(n::text, 26, '0'), $1, 'agent-' || n, 'HTTP', jsonb_build_object('url', 'http://127.0.0.1:1024/' || n, 'auth_type', 'NONE', 'auth', '{}'::jsonb)
       from generate_series(1, $3::int) as n returning id, substring(name from 7)::int as n
     ), endpoints as (
       insert into endpoint (id, team_id, event_types, is_of_every_source, renewed_at, made_by_kind, made_by_id)
       select id, $1, array['agent.' || n % 500, 'all.*'], false, '{}', 'system', 'test' from made
     )
     insert into connection (id, team_id, name, source_id, destination_id, rules)
     select 'web_' || lpad(n::text, 26, '0'), $1, 'agent-' || n, $2, id,
       jsonb_build_array(jsonb_build_object('type', 'filter', 'event_type', jsonb_build_array('agent.' || n % 500, 'all.*'))) from made`,
    [teamId, producer.sourceId, MANY],
  );
});
afterAll(() => world[Symbol.asyncDispose]());

const counts = async (requestId: string) => {
  const [row] = await world.all<{ events: number; ignored: number; cause: string | null }>(
    `select (select count(*)::int from event where request_id = $1) as events, (select count(*)::int from ignored_event where request_id = $1) as ignored,
       (select rejection_cause from request where id = $1) as cause`,
    [requestId],
  );
  return row;
};
/** Sends and routes one, and says its id. */
async function route(type: string): Promise<string> {
  const id = await producer.send({ type });
  await world.route();
  return id;
}

test("an event goes to the few that asked for its type, and the others leave no row", async () => {
  await world.worker.config.upToDate();
  expect(await counts(await route("agent.7"))).toEqual({ events: 3, ignored: 0, cause: null });
});

test("one for which nobody asked says so, and one for all goes to all", async () => {
  expect(await counts(await route("nobody.asks"))).toEqual({ events: 0, ignored: 0, cause: "NO_CONNECTION" });
  expect(await counts(await route("all.of.you"))).toEqual({ events: MANY, ignored: 0, cause: null });
});

test("one more is registered, listed and followed by its source", async () => {
  const made = await createEndpoint(world.ctx, {
    url: "http://127.0.0.1:1024/more",
    eventTypes: ["more"],
    source: producer.sourceId,
    verify: false,
  });
  expect(await counts(await route("more"))).toMatchObject({ events: 1, ignored: 0 });
  const { data } = await listEndpoints(world.ctx, { limit: 50, order_by: "created_at", dir: "desc" });
  expect(data).toHaveLength(50);
  expect(data.map((each) => each.id)).toContain(made.id);
});
