// Attempts of a masked request that retention takes before its masks were applied: of a failed event that keeps its place in an order,
// tried again long after. What they hold was withheld until then, and is shown to nobody afterwards.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { getAttempt } from "#server/resources/attempts.ts";
import { exportDay } from "#server/resources/export-day.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { createWorld, type World } from "#test/support/world.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const daysAgo = (days: number) => NOW - days * DAY_MS;
const SECRET = "CANARY-card-0123456789";
const MASKS = '["body.card"]';

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  await ensurePartitions(world.pool, NOW, 45);
});
afterAll(() => world[Symbol.asyncDispose]());

interface Stored {
  /** When the event moved last; when it was made where it is left out. */
  movedAtMs?: number;
  teamId: string;
  atMs: number;
  attemptAtMs: number;
  masks?: string | null;
  maskedAt?: Date | null;
  count?: number;
}

/** Requests with a failed event that heads its line, and an attempt of it that came later. Returns the attempts' ids. */
async function store({ teamId, atMs, attemptAtMs, masks = MASKS, maskedAt = null, count = 1, ...rest }: Stored) {
  const requests = Array.from({ length: count }, (_, n) => newId("request", atMs + n));
  const events = requests.map((id) => `evt_${id.slice(4, 14)}${newId("event", 0).slice(14)}`);
  const attempts = Array.from({ length: count }, () => newId("attempt", attemptAtMs));
  await world.pool.query(
    `with ids as (select * from unnest($2::text[], $3::text[], $4::text[]) as t(request_id, event_id, attempt_id)), asked as (
       insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, masks, masked_at, created_at)
       select $1, request_id, 'src_a', 'accepted', false, 'POST', '/', '', '[]', convert_to($5, 'UTF8'), 2, '', $6, $7, $8 from ids
     ), failed as (
       insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, why, order_key, created_at, last_attempt_at)
       select $1, event_id, request_id, 'src_a', 'web_a', 'des_a', 'FAILED', 'INITIAL', '[]', 'fifo.....', $8, $10 from ids
     )
     insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
       request_headers, response_status, response_headers, response_body, latency_ms, created_at)
     select $1, attempt_id, event_id, 'src_a', 'web_a', 'des_a', 2, 'MANUAL', 'https://a.test/of/' || $5, 'POST',
       json_build_array(json_build_array('x-card', $5::text)), 503, json_build_array(json_build_array('x-echo', $5::text)), convert_to($5, 'UTF8'), 1, $9 from ids`,
    [
      teamId,
      requests,
      events,
      attempts,
      SECRET,
      masks,
      maskedAt,
      new Date(atMs),
      new Date(attemptAtMs),
      new Date(rest.movedAtMs ?? atMs),
    ],
  );
  return attempts;
}

const purge = (laterMs = 0) =>
  purgeExpired(world.pool, world.worker.log, { now: new Date(NOW + laterMs), retentionDays: 30 });
const ctxOf = (teamId: string) => ({ ...world.ctx, teamId });
const attemptOf = async (teamId: string, [id = ""]: string[]) => getAttempt(ctxOf(teamId), { id });

test("are emptied before their day is dropped, and those of other requests stay as they are", async () => {
  const teamId = "tm_days";
  const whole = { teamId, atMs: daysAgo(40), attemptAtMs: daysAgo(5) };
  const unmasked = await store(whole);
  const [plain, masked] = [await store({ ...whole, masks: null }), await store({ ...whole, maskedAt: new Date(NOW) })];
  const young = await store({ ...whole, atMs: daysAgo(20) });
  expect(await attemptOf(teamId, unmasked)).toMatchObject({ is_withheld: true });

  await purge();
  expect(await world.all("select from request where team_id = $1", [teamId])).toHaveLength(1);
  expect(await attemptOf(teamId, unmasked)).toMatchObject({
    ...{ is_withheld: false, requested_url: "https://a.test", response_status: 503 },
    ...{ request_headers: [], response_headers: [], response_body: null },
  });
  for (const kept of [plain, masked]) {
    const attempt = { is_withheld: false, requested_url: `https://a.test/of/${SECRET}`, response_body: SECRET };
    expect(await attemptOf(teamId, kept)).toMatchObject(attempt);
  }
  expect(await attemptOf(teamId, young)).toMatchObject({ is_withheld: true });
  const stillStored = "select id from attempt where team_id = $1 and response_body is not null order by id";
  expect(await world.all(stillStored, [teamId])).toEqual([...plain, ...masked, ...young].sort().map((id) => ({ id })));
});

test("wait with their day where one of them may still be on the wire, and nothing is sent of their request any more", async () => {
  const teamId = "tm_wire";
  await ensurePartitions(world.pool, NOW, 45);
  await store({ teamId, atMs: daysAgo(41), attemptAtMs: daysAgo(5), movedAtMs: NOW - 60_000 });
  const left = () => world.all("select erased_at, body, masked_at from request where team_id = $1", [teamId]);
  await purge();
  expect(await left()).toEqual([{ erased_at: new Date(NOW), body: Buffer.alloc(0), masked_at: null }]);
  // It came when the purge had seen all that there were.
  await world.all("update attempt set response_body = convert_to($2, 'UTF8') where team_id = $1", [teamId, SECRET]);
  await purge(10 * 60_000);
  expect(await left()).toEqual([]);
  expect(await world.all("select response_body from attempt where team_id = $1", [teamId])).toEqual([
    { response_body: null },
  ]);
});

test("are emptied before the rows of a team that keeps less are removed, however many there are", async () => {
  const teamId = "tm_rows";
  await world.all("insert into team (id, name, retention_days) values ($1, 'rows', 10)", [teamId]);
  const others = await store({ teamId: "tm_longer", atMs: daysAgo(12), attemptAtMs: daysAgo(2) });
  const attempts = await store({ teamId, atMs: daysAgo(12), attemptAtMs: daysAgo(2), count: 1_001 });
  await purge();
  expect(await world.all("select from request where team_id = $1", [teamId])).toEqual([]);
  expect(await world.all("select from attempt where team_id = $1", [teamId])).toHaveLength(attempts.length);
  expect(await attemptOf("tm_longer", others)).toMatchObject({ is_withheld: true });
  const clear =
    "select count(*)::integer as clear from attempt where team_id = $1 and row_to_json(attempt)::text like $2";
  for (const [team, count] of [
    [teamId, 0],
    ["tm_longer", 1],
  ])
    expect(await world.all(clear, [team, `%${SECRET}%`])).toEqual([{ clear: count }]);
  const day = new Date(daysAgo(2)).toISOString().slice(0, 10);
  const exported = (await exportDay(ctxOf(teamId), { date: day, kind: "attempt" })).body.toString();
  expect(JSON.parse(exported.slice(0, exported.indexOf("\n")))).toMatchObject({
    ...{ is_withheld: false, requested_url: "https://a.test", response_body_base64: null },
  });
});
