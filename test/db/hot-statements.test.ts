// The statements that run for every request and every event, as Postgres sees them: their whole text stands in snapshots/, and
// their generic plans are asserted on a database with days of rows.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makePool } from "#server/database/db.ts";
import { LANE_START, readDueEvents } from "#server/delivery/due-events.sql.ts";
import { acquireLease, renewLeases } from "#server/delivery/lease.sql.ts";
import { readDueLinesOfKeys } from "#server/delivery/order-lines.sql.ts";
import { type Settlement, settleBatch } from "#server/delivery/settle.sql.ts";
import { type OfKeys, readDueOfKeys, readTurnKeys } from "#server/delivery/turns.sql.ts";
import { newId } from "#server/ids.ts";
import { acceptBatch } from "#server/ingest/accept.sql.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { type Step, statementOf } from "#server/pipeline/steps.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { writeFirstRoute } from "#server/routing/route.sql.ts";
import { writeByPipeline } from "#server/routing/route-pipeline.sql.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { planOf, type Statement } from "#test/support/plan-of.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

interface Pipeline {
  steps: Step[];
}

let world: World;
let pool: pg.Pool;
const sent = new Map<string, Statement>();
const DAY_MS = 24 * 3_600_000;
const STORED = 3_000;

beforeAll(async () => {
  world = await createWorld();
  pool = makePool(world.env.databaseUrl, "plans", 1);
  for (let day = 0; day < 3; day++) await store(Date.now() - day * DAY_MS);
  await world.all("analyze");
  // Every statement is noted on its way to the server, and goes there.
  const query = vi.spyOn(pg.Client.prototype, "query");
  await deliverOne();
  for (const [said] of query.mock.calls as unknown as [Statement | Pipeline | string][]) {
    if (typeof said !== "object") continue;
    const statements = "steps" in said ? said.steps.map((step) => ({ ...statementOf(step), ...step })) : [said];
    for (const statement of statements) if (statement.name) sent.set(statement.name, statement);
  }
  query.mockRestore();
});
afterAll(async () => {
  await pool.end();
  await world[Symbol.asyncDispose]();
});

/** A day's requests with a delivered event and an attempt each, and some events of other destinations that wait. */
async function store(atMs: number): Promise<void> {
  await ensurePartitions(world.pool, atMs);
  const idsOf = (kind: "request" | "event" | "attempt") =>
    Array.from({ length: STORED }, (_, n) => newId(kind, atMs + n));
  const values = [world.ctx.teamId, idsOf("request"), idsOf("event"), new Date(atMs), idsOf("attempt")];
  const rows = "unnest($2::text[], $3::text[], $5::text[]) with ordinality as t(request_id, event_id, attempt_id, n)";
  await world.all(
    `with ids as (select * from ${rows}), stored as (
       insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
       select $1, request_id, 'src_' || n % 9, 'accepted', false, 'POST', '/', '', '[]', '{}', 2, '127.0.0.1', $4 from ids
     ), tried as (
       insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
         request_headers, response_status, latency_ms, created_at)
       select $1, attempt_id, event_id, 'src_' || n % 9, 'web_' || n % 9, 'des_' || n % 9, 1, 'INITIAL', 'http://a.test', 'POST', '[]', 200, 1, $4
       from ids
     )
     insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, next_attempt_at, trigger, why, created_at)
     select $1, event_id, request_id, 'src_' || n % 9, 'web_' || n % 9, 'des_' || n % 9,
       case when n % 50 = 0 then 'RETRYING' else 'DELIVERED' end, case when n % 50 = 0 then $4 + interval '30 days' end, 'INITIAL', '[]', $4
     from ids`,
    values,
  );
}

/** One request through the door at a source with a limit, routing, a lane with one and the sweep. */
async function deliverOne(): Promise<void> {
  await using receiver = await startReceiver();
  const limit = { rate_limit: 100, rate_limit_period: "second" } as const;
  const branch = await makeBranch(world, { source: { config: limit }, to: { url: receiver.url, ...limit } });
  await branch.send({ n: 1 });
  await receiver.received(1);
  // Its lane looks on for a second.
  await eventually(async () => world.worker.lanes.isOpen(branch.destinationId), Boolean);
  await branch.send({ n: 2 });
  await eventually(
    () => world.events(branch.id),
    (rows) => rows.length === 2 && rows.every(({ status }) => status === "DELIVERED"),
  );
  await eventually(
    async () => world.worker.lanes.running(),
    (lanes) => lanes === 0,
  );
  await sendAgain(branch);
  await routeAgain(branch);
  await deliverOneInOrder(receiver);
  const destinationId = newId("destination", Date.now());
  const now = new Date();
  await readTurnKeys(world.pool, destinationId, { now, after: "", limit: 200 });
  await readTurnKeys(world.pool, destinationId, { of: "order_line", now, after: "", limit: 200 });
  const ofKeys = { now, wanted: [["a", LANE_START]] satisfies OfKeys["wanted"], except: ["b"], limit: 100 };
  await readDueOfKeys(world.pool, destinationId, ofKeys);
  await readDueLinesOfKeys(world.pool, destinationId, ofKeys, 5);
  await readDueEvents(world.pool, destinationId, { now, cursor: LANE_START, limit: 100, isWithoutTurnKey: true });
  const lease = await acquireLease(world.pool, newId("destination", Date.now()), "test");
  await renewLeases(world.pool, lease ? [{ ...lease, inFlightCount: 0 }] : []);
  const { config, log, lanes } = world.worker;
  await sweep({ pool: world.pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
}

/** What routing writes where another run was there first. */
async function routeAgain(branch: Branch): Promise<void> {
  const [there] = await world.events(branch.id);
  if (!there) throw new Error("Nothing was stored.");
  const { team_id, id, request_id, source_id, connection_id, destination_id } = there;
  const event = {
    ...{ team_id, id, request_id, source_id, connection_id, destination_id, taken_id: "0", status: "QUEUED" as const },
    ...{
      event_type: null,
      next_attempt_at: new Date(),
      transformed: null,
      body: null,
      why: [],
      created_at: new Date(),
    },
  };
  const rows = { events: [event], ignored: [], takenIds: ["0"] };
  const other = { ...event, connection_id: newId("connection") };
  await writeByPipeline(world.pool, { ...rows, events: [event, other] });
  await writeFirstRoute(world.pool, rows);
  await writeFirstRoute(world.pool, rows, { asksForInserted: true });
}

async function deliverOneInOrder(receiver: Receiver): Promise<void> {
  const rules = [{ type: "filter" as const, body: { n: 2 } }];
  const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "fifo" }, rules });
  // Routing is not told of a body of this size with all that it needs: it reads it.
  await branch.send({ n: 2, text: "x".repeat(20_000) });
  await eventually(
    () => world.events(branch.id),
    ([row]) => row?.status === "DELIVERED",
  );
  await eventually(
    async () => world.worker.lanes.running(),
    (lanes) => lanes === 0,
  );
}

/** What is sent when nobody heard of the first commit. */
async function sendAgain(branch: Branch): Promise<void> {
  const [request] = await world.requests(branch.sourceId);
  const [event] = await world.events(branch.id);
  const [attempt] = await world.attempts(event?.id ?? "");
  if (!request || !event || !attempt) throw new Error("Nothing was stored.");
  const arrival = { ...request, test: undefined, is_kept: true } as unknown as Arrival;
  await acceptBatch(world.pool, [arrival], { isRepeat: true });
  for (const alike of [{}, { duplicate_key: "a" }, { status: "rejected", is_kept: false }] as const) {
    // Counts of one minute are one row, those of two are many.
    for (const minutes of [[0], [0, 1]]) {
      const arrivals = minutes.map((ago) => {
        const created_at = new Date(arrival.created_at.getTime() - ago * 60_000);
        return { ...arrival, ...alike, id: newId("request", Date.now()), created_at };
      });
      await acceptBatch(world.pool, arrivals, { isRepeat: false });
    }
  }
  const { team_id, destination_id, source_id, connection_id } = event;
  const ends = { team_id, destination_id, source_id, connection_id };
  const settlement: Settlement = {
    ...ends,
    event_id: event.id,
    token: "0",
    status: "DELIVERED",
    next_attempt_at: null,
    attempt: attempt as unknown as Settlement["attempt"],
  };
  await settleBatch(world.pool, [settlement], { isRepeat: true });
  const ofOther = { ...settlement, event_id: newId("event") };
  const again = [settlement, ofOther].map((one) => ({
    ...one,
    attempt: one.attempt && { ...one.attempt, id: newId("attempt") },
  }));
  await settleBatch(world.pool, again, { isRepeat: false });
}

const ORDER_INDEX = "event_destination_id_order_key_request_id_id_idx";
const TURN_INDEX = "event_destination_id_turn_key_next_attempt_at_id_idx";
const LANE_INDEX = "event_destination_id_next_attempt_at_id_idx";

/** Beside the lines themselves. */
const READ_FOR_LINES = [
  ORDER_INDEX,
  "hand_off_first_id_last_id_idx",
  "connection_destination_id_idx",
  "deferred_branch_order_idx",
];

/** What each statement reads, through which indexes, and of how many partitions. Ids carry their day; destinations do not. */
const PLANS: Record<string, { reads: string[]; partitions: "none" | "one" | "all" }> = {
  accept: { reads: ["config_version_pkey"], partitions: "none" },
  "accept-one": { reads: ["config_version_pkey"], partitions: "none" },
  "accept-rejected": { reads: ["config_version_pkey"], partitions: "none" },
  "accept-rejected-one": { reads: ["config_version_pkey"], partitions: "none" },
  "accept-keyed": { reads: ["request_pkey", "config_version_pkey"], partitions: "one" },
  "accept-keyed-one": { reads: ["request_pkey", "config_version_pkey"], partitions: "one" },
  "accept-again": { reads: ["request_pkey"], partitions: "all" },
  "source-rate": { reads: ["source_rate_pkey"], partitions: "none" },
  "claim-hand-offs": { reads: ["hand_off_pkey", "config_version_pkey"], partitions: "none" },
  "load-requests": { reads: ["request_pkey"], partitions: "one" },
  "take-hand-offs": { reads: ["hand_off_pkey"], partitions: "none" },
  "take-hand-offs-durably": { reads: ["hand_off_pkey"], partitions: "none" },
  "count-routed": { reads: [], partitions: "none" },
  "count-routed-one": { reads: [], partitions: "none" },
  "write-route": { reads: ["hand_off_pkey"], partitions: "none" },
  "write-route-telling": { reads: ["hand_off_pkey"], partitions: "none" },
  "acquire-lease": { reads: [], partitions: "none" },
  "renew-leases": { reads: ["lane_pkey"], partitions: "none" },
  "record-sends": { reads: ["lane_pkey"], partitions: "none" },
  "release-lease": { reads: ["lane_pkey"], partitions: "none" },
  "due-events": { reads: [LANE_INDEX], partitions: "all" },
  "due-without-turn-key": { reads: [LANE_INDEX], partitions: "all" },
  "turn-keys": { reads: [TURN_INDEX], partitions: "all" },
  "due-of-turn-keys": { reads: [TURN_INDEX], partitions: "all" },
  "next-due": { reads: [LANE_INDEX], partitions: "all" },
  "load-sendable-requests": { reads: ["request_pkey"], partitions: "one" },
  "write-route-ordered": { reads: ["hand_off_pkey"], partitions: "none" },
  "due-lines": { reads: ["order_line_due_idx", ...READ_FOR_LINES], partitions: "all" },
  "turn-keys-of-lines": { reads: ["order_line_turn_idx"], partitions: "none" },
  "due-lines-of-turn-keys": { reads: ["order_line_turn_idx", ...READ_FOR_LINES], partitions: "all" },
  "close-lines": { reads: ["order_line_pkey", ORDER_INDEX], partitions: "all" },
  "next-line-due": { reads: ["order_line_due_idx"], partitions: "none" },
  settle: { reads: ["lane_pkey", "event_pkey"], partitions: "one" },
  "settle-again": { reads: ["lane_pkey", "event_pkey", "attempt_pkey"], partitions: "one" },
  "stranded-destinations": {
    reads: ["destination_pkey", "lane_pkey", "order_line_due_idx", LANE_INDEX],
    partitions: "all",
  },
};

describe.each(Object.entries(PLANS))("%s", (name, expected) => {
  const statement = (): Statement => {
    const one = sent.get(name);
    if (!one) throw new Error(`${name} was not sent: ${[...sent.keys()].join(", ")}`);
    return one;
  };

  test("is the text that stands in snapshots", async () => {
    await expect(`${statement().text.trim()}\n`).toMatchFileSnapshot(`./snapshots/${name}.sql`);
  });

  test("reads what it reads by index, and no partition that its ids rule out", async () => {
    const { reads, partitions } = await planOf(pool, statement());
    expect({ reads, partitions }).toEqual({ reads: new Set(expected.reads), partitions: expected.partitions });
  });
});

const COPIES = ["accept-copy", "copy-events", "copy-attempts"];
test.each([...COPIES, ...COPIES.map((name) => `${name}-one`)])(
  "%s is the text that stands in snapshots",
  async (name) => {
    await expect(`${sent.get(name)?.text}\n`).toMatchFileSnapshot(`./snapshots/${name}.sql`);
  },
);

test.each(["due-events", "due-without-turn-key", "turn-keys", "due-of-turn-keys", "next-due"])(
  "%s takes events in the order of the index and sorts none",
  async (name) => {
    const { kinds } = await planOf(pool, { ...(sent.get(name) as Statement), name: `${name}-order` });
    expect(kinds).toContain("Merge Append");
    expect(kinds.filter((kind) => kind.includes("Sort"))).toEqual([]);
  },
);
