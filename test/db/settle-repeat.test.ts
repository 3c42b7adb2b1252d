// Results whose commit nobody heard of are sent again, and count once.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acquireLease } from "#server/delivery/lease.sql.ts";
import { type Settlement, settleBatch } from "#server/delivery/settle.sql.ts";
import { makeSettleWriter } from "#server/delivery/settle-writer.ts";
import { unpackedHeaders, unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import { packWhy, unpackedWhy } from "#server/events/packed-why.sql.ts";
import { newId } from "#server/ids.ts";
import { getEvent } from "#server/resources/events.ts";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { routeHandOffs } from "#server/routing/route-requests.ts";
import { type PackedBeside, packHeaders } from "#server/wire/packed-headers.ts";
import { packRequestHeaders } from "#server/wire/packed-request-headers.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { someoneWaits } from "#test/support/database.ts";
import { keepLog } from "#test/support/logged.ts";
import { answeredHeaders, recordedHeaders } from "#test/support/sent-headers.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Events of a branch and a result for each, in turn an answer that is retried and one that delivers. */
async function attempted(count: number): Promise<{ branch: Branch; settlements: Settlement[] }> {
  const branch = await makeBranch(world, {});
  for (let n = 0; n < count; n++) await branch.send({ n });
  const { router } = world.worker;
  const { handOffs, configVersion } = await claimHandOffs(router.pool, 100);
  await routeHandOffs(router, handOffs, configVersion);
  const lease = await acquireLease(world.pool, branch.destinationId, "test");
  const events = await world.events(branch.id);
  const settlements = events.map((event, n): Settlement => {
    const created_at = new Date();
    const isDelivered = n % 2 === 1;
    const ends = {
      team_id: world.ctx.teamId,
      event_id: event.id,
      source_id: branch.sourceId,
      connection_id: branch.id,
      destination_id: branch.destinationId,
    };
    return {
      ...ends,
      token: lease?.token ?? "",
      status: isDelivered ? "DELIVERED" : "RETRYING",
      next_attempt_at: isDelivered ? null : new Date(created_at.getTime() + 60_000),
      attempt: {
        ...ends,
        id: newId("attempt", created_at.getTime()),
        number: 1,
        trigger: "INITIAL",
        requested_url: `http://receiver.test/${n}`,
        http_method: "POST",
        request_headers: [["x-n", String(n)]],
        response_status: isDelivered ? 200 : 500,
        response_headers: n % 3 === 0 ? null : [["x-n", String(n)]],
        response_body: Buffer.from([n, 0, 255]),
        error_code: isDelivered ? null : "BAD_RESPONSE",
        latency_ms: 2 ** n,
        phases: n % 2 === 0 ? null : { dns_ms: 0, connect_ms: 1.5, tls_ms: 0, wait_ms: n, read_ms: 0.25 },
        created_at,
      },
    };
  });
  return { branch, settlements };
}

async function recorded(branch: Branch) {
  const events = await world.events(branch.id);
  const [counts] = await world.all(
    `select sum(attempt_count)::int as attempts, sum(delivered_count)::int as delivered, sum(retrying_count)::int as retrying,
       (select sum(n)::int from rollup_minute m, unnest(m.latency_histogram) as n where m.connection_id = $1) as latencies
     from rollup_minute where connection_id = $1`,
    [branch.id],
  );
  const attempts = await world.all<Record<string, unknown>>(
    "select * from attempt where connection_id = $1 order by event_id",
    [branch.id],
  );
  return { events, counts, attempts };
}

test("each attempt is kept with its own values, whatever it shares with others", async () => {
  const { branch, settlements } = await attempted(12);
  await settleBatch(world.pool, settlements, { isRepeat: false });
  const { events, counts, attempts } = await recorded(branch);
  expect(attempts).toEqual(
    settlements
      .toSorted((a, b) => (a.event_id < b.event_id ? -1 : 1))
      .map(({ attempt }) => ({
        ...attempt,
        phases: attempt?.phases && Object.values(attempt.phases),
      })),
  );
  expect(events.map(({ id, status, attempts: made }) => ({ id, status, made }))).toEqual(
    settlements.map(({ event_id, status }) => ({ id: event_id, status, made: 1 })),
  );
  expect(counts).toEqual({ attempts: 12, delivered: 6, retrying: 6, latencies: 12 });
});

test("a batch that is sent again changes and counts nothing", async () => {
  const { branch, settlements } = await attempted(4);
  await settleBatch(world.pool, settlements, { isRepeat: false });
  const before = await recorded(branch);
  await settleBatch(world.pool, settlements, { isRepeat: true });
  expect(await recorded(branch)).toEqual(before);
});

test("what of a batch was not committed before is completed", async () => {
  const { branch, settlements } = await attempted(6);
  await settleBatch(world.pool, settlements.slice(0, 3), { isRepeat: false });
  await settleBatch(world.pool, settlements, { isRepeat: true });
  expect((await recorded(branch)).counts).toEqual({ attempts: 6, delivered: 3, retrying: 3, latencies: 6 });
});

test("a batch whose first attempt commits while it is sent again is recorded once", async () => {
  const { branch, settlements } = await attempted(3);
  const first = await world.pool.connect();
  await first.query("begin");
  await settleBatch(first, settlements, { isRepeat: false });
  const writer = makeSettleWriter(world.worker.pool, world.worker.log);
  const settled = Promise.all(settlements.map((settlement) => writer.settle(settlement)));
  await someoneWaits(world.pool);
  await first.query("commit");
  first.release();
  await settled;
  const { counts, events } = await recorded(branch);
  expect(counts).toEqual({ attempts: 3, delivered: 1, retrying: 2, latencies: 3 });
  expect(events.map(({ status }) => status)).toEqual(["RETRYING", "DELIVERED", "RETRYING"]);
});

test("of a batch in which Postgres refuses one result all others are recorded once", async () => {
  const { branch, settlements } = await attempted(6);
  const [, refused] = settlements;
  await world.all(`alter table attempt add constraint refused check (id <> '${refused?.attempt?.id}')`);
  const { log, lines } = keepLog("error");
  const writer = makeSettleWriter(world.worker.pool, log);
  const settled = await Promise.allSettled(settlements.map((settlement) => writer.settle(settlement)));
  await world.all("alter table attempt drop constraint refused");
  expect(settled.map(({ status }) => status)).toEqual(
    settlements.map((settlement) => (settlement === refused ? "rejected" : "fulfilled")),
  );
  expect(lines).toMatchObject([{ msg: "The result of an attempt could not be stored", event_id: refused?.event_id }]);
  const { counts, events, attempts } = await recorded(branch);
  expect(counts).toEqual({ attempts: 5, delivered: 2, retrying: 3, latencies: 5 });
  expect(attempts).toHaveLength(5);
  // It is as before its attempt, and is sent again when the lane that had it is gone.
  expect(events.map(({ id, status }) => ({ id, status }))).toEqual(
    settlements.map((settlement) => ({
      id: settlement.event_id,
      status: settlement === refused ? "QUEUED" : settlement.status,
    })),
  );
});

test("the database reads the headers of a request as they came, to the letter, and those from before as they stand", async () => {
  const lists = [...fc.sample(recordedHeaders, 150), ...fc.sample(answeredHeaders, 150)].map(({ headers }) => headers);
  const stored = [...lists.map(packRequestHeaders), ...lists];
  const rows = await world.all<{ came: string }>(
    `select ${unpackedRequestHeaders("r")}::text as came from unnest($1::json[]) with ordinality as r(headers, n) order by n`,
    [stored.map((headers) => JSON.stringify(headers))],
  );
  expect(rows.map(({ came }) => JSON.parse(came))).toEqual([...lists, ...lists]);
});

test("the database reads headers as they were sent and received, to the letter", async () => {
  const lists = [...fc.sample(recordedHeaders, 300), ...fc.sample(answeredHeaders, 100)];
  const packed = lists.map(({ headers, beside }) => JSON.stringify(packHeaders(headers, beside)));
  const column = (of: (beside: PackedBeside) => unknown) => lists.map(({ beside }) => of(beside));
  const rows = await world.all<{ sent: string }>(
    `select ${unpackedHeaders("a", "request_headers")}::text as sent
     from unnest($1::json[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::timestamptz[])
       with ordinality as a(request_headers, event_id, source_id, connection_id, number, trigger, created_at, n) order by n`,
    [
      packed,
      column((beside) => beside.event_id),
      column((beside) => beside.source_id),
      column((beside) => beside.connection_id),
      column((beside) => beside.number),
      column((beside) => beside.trigger),
      column((beside) => beside.created_at),
    ],
  );
  expect(rows.map(({ sent }) => sent)).toEqual(lists.map(({ headers }) => JSON.stringify(headers)));
});

test("an event's trace is stored short where it says what nearly all say, and is read in full", async () => {
  const { branch } = await attempted(1);
  const [stored] = await world.all<{ id: string; why: string[]; created_at: Date }>(
    "select id, why, created_at from event where connection_id = $1",
    [branch.id],
  );
  expect(stored?.why).toEqual(["c", expect.stringMatching(/^q\d+$/)]);
  const dueMs = (stored?.created_at.getTime() ?? 0) + Number(stored?.why[1]?.slice(1));
  const { why } = await getEvent(world.ctx, { id: stored?.id ?? "" });
  expect(why.slice(0, 2)).toEqual([
    { step: "connection", outcome: "enabled" },
    { step: "queue", outcome: "queued", due: new Date(dueMs).toISOString() },
  ]);
});

test("the database reads every trace as it was made, to the letter", async () => {
  const anyDue = fc.date({ min: new Date("2025-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
  const step = fc.oneof(
    fc.constantFrom({ step: "connection", outcome: "enabled" }, { step: "connection", outcome: "disabled" }),
    anyDue.map((due) => ({ step: "queue", outcome: "queued", due })),
    fc.constantFrom({ step: "filter", message: 'a "c" \\ "q1"' }, { step: "queue", outcome: "queued", due: "x" }),
  );
  const traces = fc.sample(
    fc.array(
      step.map((each) => JSON.stringify(each)),
      { maxLength: 4 },
    ),
    200,
  );
  const at = new Date("2026-02-03T04:05:06.789Z");
  const packed = traces.map((trace) => `[${packWhy(trace, at).join(",")}]`);
  const rows = await world.all<{ why: string }>(
    `select ${unpackedWhy("e")}::text as why from unnest($1::json[]) with ordinality as t(why, n)
       cross join lateral (select t.why, $2::timestamptz as created_at) as e order by n`,
    [packed, at],
  );
  expect(rows.map(({ why }) => why)).toEqual(traces.map((trace) => `[${trace.join(",")}]`));
});
