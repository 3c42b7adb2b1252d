// The counts over the lists of requests, events and attempts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { AttemptHistogram, EventHistogram, Histogram, RequestHistogram } from "#server/contracts/histogram.ts";
import { ListRequests } from "#server/contracts/request.ts";
import { countAttempts, countEvents, countRequests } from "#server/resources/histogram.ts";
import { listRequests } from "#server/resources/requests.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";

const NOW = new Date("2026-05-29T12:00:00.000Z");
const HOUR = 3_600_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

test("counts are those of the list with the same filters, by state and over the whole range", async () => {
  const [team, other] = [await world.team(), await world.team()];
  const branch = await team.connection(await team.source(), await team.destination());
  const foreign = await other.connection(await other.source(), await other.destination());
  const event = async (agoMs: number, status: "DELIVERED" | "FAILED", event_type = "order.made") =>
    team.event(await team.request(branch.source_id, { agoMs, event_type }), branch, { status, event_type });
  await event(30 * HOUR, "DELIVERED");
  await event(5 * HOUR, "DELIVERED");
  await event(5 * HOUR, "FAILED");
  await event(0, "FAILED", "order.paid");
  await other.event(await other.request(foreign.source_id), foreign);

  const input = (fields: object) => EventHistogram.parse({ from: "now-6h", buckets: "6", ...fields });
  const count = async (fields: object = {}) => Histogram.parse(await countEvents(team.ctx, input(fields)));
  const all = await count();
  expect(all).toMatchObject({ total: 3, is_at_least: false, counted_from: "2026-05-29T06:00:00.000Z" });
  expect(all.data.map(({ counts }) => counts)).toEqual([{ DELIVERED: 1, FAILED: 1 }, {}, {}, {}, {}, { FAILED: 1 }]);
  expect(await count({ status: "FAILED" })).toMatchObject({ total: 2 });
  expect(await count({ event_type: "order.paid" })).toMatchObject({ total: 1 });
  expect(await count({ connection_id: foreign.id })).toMatchObject({ total: 0 });
  expect(await count({ from: "now-48h" })).toMatchObject({ total: 4 });
  expect(await countRequests(team.ctx, RequestHistogram.parse({ from: "now-48h" }))).toMatchObject({ total: 4 });
  await expect(countEvents(team.ctx, input({ to: "now-7h" }))).rejects.toMatchObject({ code: "UNPROCESSABLE" });
});

test("requests that came twice, and those with nowhere to go, are counted and listed by themselves", async () => {
  const team = await world.team();
  const source = await team.source();
  const first = await team.request(source, { agoMs: HOUR });
  const again = await team.request(source, { duplicate_of: first.id });
  const rejected = { status: "rejected", rejection_cause: "VERIFICATION_FAILED", verified: false };
  await team.request(source, rejected);
  for (let i = 0; i < 2; i++) await team.request(source, { rejection_cause: "NO_CONNECTION" });

  const count = (fields: object = {}) =>
    countRequests(team.ctx, RequestHistogram.parse({ from: "now-2h", buckets: 1, ...fields }));
  expect(await count()).toMatchObject({
    total: 5,
    data: [{ counts: { accepted: 4, rejected: 1 } }],
    duplicate_count: 1,
    no_connection_count: 2,
  });
  expect(await count({ status: "rejected" })).toMatchObject({ total: 1, duplicate_count: 0, no_connection_count: 0 });
  expect(await count({ duplicate: "true" })).toMatchObject({ total: 1, duplicate_count: 1, no_connection_count: 0 });

  const idsOf = async (fields: object) =>
    (await listRequests(team.ctx, ListRequests.parse(fields))).data.map(({ id }) => id);
  expect(await idsOf({ duplicate: "true" })).toEqual([again.id]);
  const others = await idsOf({ duplicate: "false" });
  expect([others.length, others.includes(again.id)]).toEqual([4, false]);
});

test("attempts are counted by what they led to, with the filters of their list", async () => {
  const team = await world.team();
  const branch = await team.connection(await team.source(), await team.destination());
  const event = await team.event(await team.request(branch.source_id), branch);
  await team.attempt(event, branch, { agoMs: 30 * HOUR });
  await team.attempt(event, branch, { agoMs: HOUR, error_code: "TIMEOUT", latency_ms: 15_000 });
  await team.attempt(event, branch, { number: 2, response_status: 200 });
  const count = (fields: object) =>
    countAttempts(team.ctx, AttemptHistogram.parse({ from: "now-2h", buckets: 2, ...fields }));
  expect((await count({})).data.map(({ counts }) => counts)).toEqual([{ FAILED: 1 }, { DELIVERED: 1 }]);
  expect(await count({ status: "FAILED" })).toMatchObject({ total: 1 });
  expect(await count({ min_latency_ms: 20_000 })).toMatchObject({ total: 0 });
  expect(await count({ from: "now-48h" })).toMatchObject({ total: 3 });
});

test("a range with more rows than are looked through says from when on it has counted", async () => {
  const team = await world.team();
  const branch = await team.connection(await team.source(), await team.destination());
  await world.pool.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
     select $1, 'req_' || substr($3, 5) || lpad(n::text, 16, '0'), $2, 'accepted', true, 'POST', '/', '', '[]', '{}', 2, '127.0.0.1', $4
     from generate_series(1, 5001) as n`,
    [
      team.ctx.teamId,
      branch.source_id,
      (await team.request(branch.source_id, { agoMs: HOUR })).id.slice(0, 14),
      new Date(NOW.getTime() - HOUR),
    ],
  );
  const all = await countRequests(team.ctx, RequestHistogram.parse({}));
  expect(all).toMatchObject({ total: 5_002, is_at_least: false });
  const searched = await countRequests(team.ctx, RequestHistogram.parse({ body: "{}" }));
  expect(searched).toMatchObject({ total: 5_000, is_at_least: true, counted_from: "2026-05-29T11:00:00.000Z" });

  // The list looks as far in one call, and goes on from there in the next.
  const list = async (next?: string) =>
    listRequests(team.ctx, ListRequests.parse({ body: '{"never":"sent"}', ...(next ? { next } : {}) }));
  const first = await list();
  expect(first).toMatchObject({ data: [], pagination: { stopped_at: "2026-05-29T11:00:00.000Z" } });
  const second = await list(first.pagination.next ?? "");
  expect(second).toMatchObject({ data: [], pagination: { next: null } });
  expect(second.pagination.stopped_at).toBeUndefined();
});
