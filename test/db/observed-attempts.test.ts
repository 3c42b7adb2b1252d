import { afterAll, beforeAll, expect, test } from "vitest";
import { ListAttempts } from "#server/contracts/attempt.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";

const NOW = new Date("2026-05-29T12:00:00.000Z");
const HOUR = 3_600_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

async function deliveredTeam() {
  const team = await world.team();
  const branch = await team.connection(await team.source(), await team.destination());
  const event = () =>
    team.request(branch.source_id, { agoMs: 48 * HOUR }).then((request) => team.event(request, branch));
  return { ...team, branch, event };
}
type Team = Awaited<ReturnType<typeof deliveredTeam>>;
const idsOf = async (team: Team, fields: Record<string, unknown> = {}) =>
  (await listAttempts(team.ctx, ListAttempts.parse(fields))).data.map(({ id }) => id);

test("the attempts of an event are listed across days, the newest first, and not those of another event", async () => {
  const team = await deliveredTeam();
  const [event, other] = [await team.event(), await team.event()];
  const first = await team.attempt(event, team.branch, { agoMs: 48 * HOUR });
  const second = await team.attempt(event, team.branch, { number: 2 });
  const foreign = await team.attempt(other, team.branch, { agoMs: HOUR });
  expect(await idsOf(team, { event_id: event })).toEqual([second, first]);
  expect(await idsOf(team, { event_id: `${event},${other}` })).toEqual([second, foreign, first]);
  expect(await idsOf(team, { event_id: "nonsense" })).toEqual([]);
});

test("every filter keeps what matches and nothing else", async () => {
  const team = await deliveredTeam();
  const event = await team.event();
  const ok = await team.attempt(event, team.branch, {
    response_status: 200,
    trigger: "MANUAL",
    agoMs: 1,
    latency_ms: 40,
  });
  const late = await team.attempt(event, team.branch, { error_code: "TIMEOUT", latency_ms: 15_000.5 });
  expect(await idsOf(team, { response_status: "200" })).toEqual([ok]);
  expect(await idsOf(team, { response_status: "100-199,200-299" })).toEqual([ok]);
  expect(await idsOf(team, { status: "DELIVERED" })).toEqual([ok]);
  expect(await idsOf(team, { status: "FAILED" })).toEqual([late]);
  expect(await idsOf(team, { min_latency_ms: "41" })).toEqual([late]);
  expect(await idsOf(team, { min_latency_ms: "40", max_latency_ms: "15000" })).toEqual([ok]);
  expect(await idsOf(team, { trigger: "MANUAL,BULK" })).toEqual([ok]);
  expect(await idsOf(team, { error_code: "TIMEOUT" })).toEqual([late]);
  expect(await idsOf(team, { connection_id: team.branch.id })).toEqual([late, ok]);
  expect(await idsOf(team, { destination_id: "des_other" })).toEqual([]);
  expect(await idsOf(team, { source_id: team.branch.source_id, from: "now" })).toEqual([late]);
});

test("a list can leave the bodies out", async () => {
  const team = await deliveredTeam();
  await team.attempt(await team.event(), team.branch, { response_status: 200, response_body: Buffer.from("ok") });
  const bodies = async (fields: object) =>
    (await listAttempts(team.ctx, ListAttempts.parse(fields))).data.map(({ response_body }) => response_body);
  expect(await bodies({})).toEqual(["ok"]);
  expect(await bodies({ with_body: "false" })).toEqual([null]);
});

test("an attempt shows its response as text, and bytes that are no UTF-8 as replacement characters", async () => {
  const team = await deliveredTeam();
  const event = await team.event();
  const id = await team.attempt(event, team.branch, {
    response_status: 200,
    response_headers: '[["Content-Type","text/plain"]]',
    response_body: Buffer.from([0x6f, 0x6b, 0xff]),
    phases: [0, 0, 0, 10, 2.5],
  });
  expect(await getAttempt(team.ctx, { id })).toMatchObject({
    id,
    event_id: event,
    latency_ms: 12.5,
    phases: { dns_ms: 0, connect_ms: 0, tls_ms: 0, wait_ms: 10, read_ms: 2.5 },
    request_headers: [["content-type", "application/json"]],
    response_headers: [["Content-Type", "text/plain"]],
    response_body: "ok\uFFFD",
    created_at: NOW.toISOString(),
  });
});

test("of another team are in no list and not found", async () => {
  const [owner, other] = [await deliveredTeam(), await deliveredTeam()];
  const id = await owner.attempt(await owner.event(), owner.branch);
  expect(await idsOf(other, { id })).toEqual([]);
  await expect(getAttempt(other.ctx, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
