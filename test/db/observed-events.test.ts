import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROLES } from "#server/auth/roles.ts";
import { ListEvents } from "#server/contracts/event.ts";
import { newId } from "#server/ids.ts";
import { cancelEvent, getEvent, getEventRawBody, listEvents, retryEvent } from "#server/resources/events.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";

const NOW = new Date("2026-05-29T12:00:00.000Z");
const HOUR = 3_600_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;
const list = async (team: Team, fields: Record<string, unknown> = {}) => listEvents(team.ctx, ListEvents.parse(fields));
const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);

async function wiredTeam(connection: Record<string, unknown> = {}, destination: Record<string, unknown> = {}) {
  const team = await world.team();
  const [source_id, destination_id] = [await team.source(), await team.destination(destination)];
  return { ...team, branch: await team.connection(source_id, destination_id, connection) };
}

const laneJobs = async (destinationId: string) => {
  const { rows } = await world.pool.query("select key from graphile_worker._private_jobs where key = $1", [
    `deliver:${destinationId}`,
  ]);
  return rows.length;
};

describe("the list of events", () => {
  test("pages in both directions without gap or repeat", async () => {
    const team = await wiredTeam();
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) {
      const request = await team.request(team.branch.source_id, { agoMs: (10 - i) * 10 * HOUR });
      ids.unshift(await team.event(request, team.branch));
    }
    const first = await list(team, { limit: 4 });
    const second = await list(team, { limit: 4, next: first.pagination.next });
    const third = await list(team, { limit: 4, next: second.pagination.next });
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(ids);
    expect(idsOf(await list(team, { limit: 4, prev: third.pagination.prev }))).toEqual(idsOf(second));
  });

  test("every filter keeps what matches and nothing else", async () => {
    const team = await wiredTeam();
    const other = await team.connection(await team.source(), await team.destination());
    const [one, two] = [await team.request(team.branch.source_id), await team.request(other.source_id)];
    const failed = await team.event(one, team.branch, {
      status: "FAILED",
      error_code: "BAD_RESPONSE",
      response_status: 503,
    });
    const queued = await team.event(two, other, { status: "QUEUED", event_type: "order.created" });
    const delivered = await team.event(two, team.branch, { response_status: 200 });
    const filtered = async (fields: Record<string, unknown>) => idsOf(await list(team, fields)).sort();
    expect(await filtered({})).toEqual([failed, queued, delivered].sort());
    expect(await filtered({ request_id: one.id })).toEqual([failed]);
    expect(await filtered({ request_id: [one.id, two.id] })).toEqual([failed, queued, delivered].sort());
    expect(await filtered({ request_id: "nonsense" })).toEqual([]);
    expect(await filtered({ source_id: other.source_id })).toEqual([queued]);
    expect(await filtered({ connection_id: other.id })).toEqual([queued]);
    expect(await filtered({ destination_id: team.branch.destination_id })).toEqual([failed, delivered].sort());
    expect(await filtered({ status: "FAILED" })).toEqual([failed]);
    expect(await filtered({ status: "FAILED,QUEUED" })).toEqual([failed, queued].sort());
    expect(await filtered({ event_type: "order.created" })).toEqual([queued]);
    expect(await filtered({ error_code: "BAD_RESPONSE" })).toEqual([failed]);
    expect(await filtered({ response_status: "200,503" })).toEqual([failed, delivered].sort());
    expect(await filtered({ response_status: "500-599" })).toEqual([failed]);
    expect(await filtered({ response_status: "100-999" })).toEqual([failed, delivered].sort());
  });

  test("a search in bodies sees the transformed body where there is one, else the request's", async () => {
    const team = await wiredTeam();
    const untouched = await team.event(await team.request(team.branch.source_id, { body: '{"n":1}' }), team.branch);
    const changed = await team.event(await team.request(team.branch.source_id, { body: '{"n":1}' }), team.branch, {
      transformed_body: Buffer.from('{"n":2}'),
    });
    await team.event(await team.request(team.branch.source_id, { body: '{"n":1,"t":"\\u0000"}' }), team.branch);
    await team.event(await team.request(team.branch.source_id, { body: Buffer.from([0xc3, 0x28]) }), team.branch);
    expect(idsOf(await list(team, { body: { n: 1 } }))).toEqual([untouched]);
    expect(idsOf(await list(team, { body: { n: 2 } }))).toEqual([changed]);
  });

  test("of another team are in no list and not found by any verb", async () => {
    const [owner, other] = [await wiredTeam(), await wiredTeam()];
    const id = await owner.event(await owner.request(owner.branch.source_id), owner.branch, { status: "QUEUED" });
    expect(idsOf(await list(other, { id }))).toEqual([]);
    for (const verb of [getEvent, getEventRawBody, retryEvent, cancelEvent]) {
      await expect(verb(other.ctx, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect((await getEvent(owner.ctx, { id })).status).toBe("QUEUED");
  });
});

describe("one event", () => {
  test("shows the request's own parts where no transform changed them", async () => {
    const team = await wiredTeam();
    const body = gzipSync('{"n":1}');
    const headers = [["Content-Encoding", "gzip"]];
    const request = await team.request(team.branch.source_id, {
      body,
      headers: [...headers, ["Content-Type", "application/json"]],
      path: "/a",
    });
    const id = await team.event(request, team.branch, { why: '[{"step":"queue","outcome":"queued","due":"x"}]' });
    expect(await getEvent(team.ctx, { id })).toMatchObject({
      is_transformed: false,
      method: "POST",
      path: "/a",
      body: { n: 1 },
      why: [{ step: "queue" }],
    });
    expect(await getEventRawBody(team.ctx, { id })).toEqual({ content_type: "application/json", body });
  });

  test("shows what the transform made of it", async () => {
    const team = await wiredTeam();
    const request = await team.request(team.branch.source_id, {
      body: "a=1",
      content_type: "application/x-www-form-urlencoded",
    });
    const transformed = { method: "PUT", path: "/b", query: "x=1", headers: [["content-type", "application/json"]] };
    const id = await team.event(request, team.branch, {
      transformed: JSON.stringify(transformed),
      transformed_body: Buffer.from('{"n":2}'),
    });
    expect(await getEvent(team.ctx, { id })).toMatchObject({ is_transformed: true, ...transformed, body: { n: 2 } });
    expect((await getEventRawBody(team.ctx, { id })).body.toString()).toBe('{"n":2}');
  });

  test("is still shown when its request is gone", async () => {
    const team = await wiredTeam();
    const id = await team.event({ id: newId("request", NOW.getTime()), created_at: NOW }, team.branch);
    expect(await getEvent(team.ctx, { id })).toMatchObject({ id, body: null, headers: [] });
  });
});

describe("retrying an event", () => {
  const retried = async (row: Record<string, unknown>, connection: Record<string, unknown> = {}) => {
    const team = await wiredTeam(connection);
    const id = await team.event(await team.request(team.branch.source_id, { agoMs: HOUR }), team.branch, row);
    const event = await retryEvent(team.ctx, { id });
    const { rows } = await world.pool.query("select retries_counted_from from event where id = $1", [id]);
    return { event, countedFrom: rows[0].retries_counted_from, jobs: await laneJobs(team.branch.destination_id) };
  };

  /** By the clock of the database, which is not the time at which the retry was asked for here. */
  const justNow = expect.toSatisfy((at: string) => Math.abs(Date.parse(at) - Date.now()) < 10_000);

  test.each(["DELIVERED", "FAILED", "CANCELLED"])(
    "%s: it is due now under its id, its policy starts anew, its lane is woken",
    async (status) => {
      const { event, countedFrom, jobs } = await retried({
        status,
        attempts: 3,
        delivered_at: NOW,
        last_attempt_at: NOW,
      });
      expect(event).toMatchObject({
        status: "QUEUED",
        trigger: "MANUAL",
        attempts: 3,
        next_attempt_at: justNow,
        last_attempt_at: NOW.toISOString(),
        delivered_at: null,
      });
      expect([countedFrom, jobs]).toEqual([3, 1]);
    },
  );

  test.each(["SCHEDULED", "RETRYING"])("%s: it is made due now, and its policy goes on", async (status) => {
    const later = new Date(NOW.getTime() + HOUR);
    const { event, countedFrom, jobs } = await retried({
      status,
      attempts: 2,
      retries_counted_from: 1,
      next_attempt_at: later,
    });
    expect(event).toMatchObject({ status: "QUEUED", trigger: "MANUAL", next_attempt_at: justNow });
    expect([countedFrom, jobs]).toEqual([1, 1]);
  });

  test("QUEUED stays as it is with its lane woken, HOLD stays held", async () => {
    expect(await retried({ status: "QUEUED" })).toMatchObject({
      event: { status: "QUEUED", trigger: "INITIAL" },
      jobs: 1,
    });
    expect(await retried({ status: "HOLD" })).toMatchObject({ event: { status: "HOLD", trigger: "INITIAL" }, jobs: 0 });
  });

  test.each(["FAILED", "RETRYING"])("%s on a paused connection is held and wakes no lane", async (status) => {
    const { event, jobs } = await retried({ status }, { paused_at: NOW });
    expect(event).toMatchObject({ status: "HOLD", trigger: "MANUAL" });
    expect(jobs).toBe(0);
  });

  test("is refused where it can lead nowhere, and to a key that may only read", async () => {
    const disabled = await wiredTeam({}, { disabled_at: NOW });
    const stuck = await disabled.event(await disabled.request(disabled.branch.source_id), disabled.branch, {
      status: "FAILED",
    });
    await expect(retryEvent(disabled.ctx, { id: stuck })).rejects.toMatchObject({ code: "CONFLICT" });
    const gone = await disabled.event(await disabled.request(disabled.branch.source_id), {
      ...disabled.branch,
      id: newId("connection"),
    });
    await expect(retryEvent(disabled.ctx, { id: gone })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(retryEvent({ ...disabled.ctx, can: ROLES.viewer }, { id: gone })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });
});

describe("cancelling an event", () => {
  test.each(["QUEUED", "SCHEDULED", "HOLD", "RETRYING"] as const)(
    "ends one that is %s, and doing so twice changes nothing",
    async (status) => {
      const team = await wiredTeam();
      const id = await team.event(await team.request(team.branch.source_id), team.branch, {
        status,
        next_attempt_at: NOW,
      });
      const cancelled = await cancelEvent(team.ctx, { id });
      expect(cancelled).toMatchObject({ status: "CANCELLED", next_attempt_at: null });
      expect(await cancelEvent(team.ctx, { id })).toEqual(cancelled);
    },
  );

  test("is refused with its end for one that was delivered or has failed", async () => {
    const team = await wiredTeam();
    const delivered = await team.event(await team.request(team.branch.source_id), team.branch, { delivered_at: NOW });
    const failed = await team.event(await team.request(team.branch.source_id), team.branch, { status: "FAILED" });
    const refused = (id: string) => expect(cancelEvent(team.ctx, { id })).rejects;
    await refused(delivered).toMatchObject({ code: "CONFLICT", message: expect.stringContaining(NOW.toISOString()) });
    await refused(failed).toMatchObject({ code: "CONFLICT" });
  });
});
