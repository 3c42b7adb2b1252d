// The modes of the reader of a lane on a real table, in time that is moved by hand.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DueReader, makeDueReader } from "#server/delivery/due-reader.ts";
import { newId } from "#server/ids.ts";
import { makeSignal } from "#server/process/signal.ts";
import { type FakeClock, makeFakeClock } from "#test/support/fake-clock.ts";
import { handedEvent } from "#test/support/handed-event.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

let clock: FakeClock;
let destinationId: string;
let hasNews: boolean;
let hasTurns: boolean;
let reader: DueReader;
/** How long a look into the table takes, by the clock of the test. */
let lookTakesMs: number;
/** Called once, when a page was read and is not ready yet. */
let onPage: (() => void) | null;

/** In the time of the test. */
const slowTable = () =>
  Object.create(world.pool, {
    query: {
      value: async (...input: Parameters<typeof world.pool.query>) => {
        const result = await world.pool.query(...input);
        await clock.advance(lookTakesMs);
        onPage?.();
        onPage = null;
        return result;
      },
    },
  });

beforeEach(() => {
  lookTakesMs = 0;
  onPage = null;
  clock = makeFakeClock(Date.now());
  destinationId = newId("destination", clock.nowMs());
  hasNews = true;
  hasTurns = false;
  reader = makeDueReader({
    pool: slowTable(),
    lease: { destinationId },
    signal: makeSignal(clock),
    clock,
    takeNews() {
      const had = hasNews;
      hasNews = false;
      return had;
    },
    hasTurns: () => hasTurns,
    isBlocked: () => false,
    regroup: async () => {},
  });
});

/** Stores events that are due so long ago, the oldest first. Returns their ids in that order. */
async function store(agesMs: number[], turnKey: string | null = null): Promise<string[]> {
  const ids = agesMs.map(() => newId("event", clock.nowMs())).sort();
  await world.all(
    `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, next_attempt_at, trigger, why, created_at, turn_key)
     select $1, id, 'req_none', 'src_none', 'web_none', $2, 'QUEUED', $3::timestamptz - age * interval '1 millisecond', 'INITIAL', '[]', now(), $6
     from unnest($4::text[], $5::float8[]) as due(id, age)`,
    [world.ctx.teamId, destinationId, new Date(clock.nowMs()), ids, agesMs, turnKey],
  );
  return ids;
}

/** What the reader has ready now. */
async function takeAll(): Promise<string[]> {
  const waiting = await reader.waiting();
  return reader.take(waiting).map(({ event }) => event.id);
}

const descending = (count: number, fromMs: number) => Array.from({ length: count }, (_, n) => fromMs - n);

test("hands out each event once, oldest due first, and reads ahead before it runs dry", async () => {
  const ids = await store(descending(450, 60_000));
  const taken: string[] = [];
  while (taken.length < 450) taken.push(...(await takeAll()));
  expect(taken).toEqual(ids);
  expect(await takeAll()).toEqual([]);
});

test.each([
  { tookMs: 2, afterMs: 8 },
  { tookMs: 10, afterMs: 15 },
])(
  "after a look of $tookMs ms news are looked for $afterMs ms after its start, and a look is planned for then",
  async ({ tookMs, afterMs }) => {
    lookTakesMs = tookMs;
    expect(await takeAll()).toEqual([]);
    const [id] = await store([0]);
    hasNews = true;
    expect(await takeAll()).toEqual([]);
    expect(clock.timers()).toBe(1);
    await clock.advance(afterMs - tookMs - 1);
    expect(await takeAll()).toEqual([]);
    await clock.advance(1);
    expect(clock.timers()).toBe(0);
    expect(await takeAll()).toEqual([id]);
  },
);

test("an event that becomes due by itself is found within a second", async () => {
  hasNews = false;
  const [id] = await store([-500]);
  expect(await takeAll()).toEqual([]);
  await clock.advance(999);
  expect(await takeAll()).toEqual([]);
  await clock.advance(1);
  expect(await takeAll()).toEqual([id]);
});

test("an event behind the cursor is found in the middle of a backlog, 5 seconds after the last start at the latest", async () => {
  const backlog = await store(descending(900, 60_000));
  const taken: string[] = [];
  const deliverSome = async () => {
    const some = await takeAll();
    taken.push(...some);
    const delivered = "update event set status = 'DELIVERED', next_attempt_at = null where id = any ($1)";
    const settled = world.all(delivered, [some]);
    for (const id of some) reader.track(id, settled);
    await reader.settled();
  };
  await deliverSome();
  expect(taken).toEqual(backlog.slice(0, 200));
  const [late] = await store([3_600_000]);
  await deliverSome();
  await clock.advance(5_000);
  await deliverSome();
  expect(taken).toEqual(backlog.slice(0, taken.length));
  await clock.advance(1);
  while (!taken.includes(late ?? "")) await deliverSome();
  expect(taken.length).toBeLessThan(900);
});

test("an event is not handed out again before it is settled, and is when it stays due", async () => {
  const [id = ""] = await store([1_000]);
  expect(await takeAll()).toEqual([id]);
  let settle = () => {};
  reader.track(
    id,
    new Promise<void>((resolve) => {
      settle = resolve;
    }),
  );
  await clock.advance(6_000);
  expect(await takeAll()).toEqual([]);
  settle();
  await reader.settled();
  await clock.advance(6_000);
  expect(await takeAll()).toEqual([id]);
});

test("an event whose result could not be stored is not handed out again", async () => {
  const [id = ""] = await store([1_000]);
  expect(await takeAll()).toEqual([id]);
  reader.track(id, Promise.reject(new Error("refused")));
  await reader.settled();
  await clock.advance(6_000);
  expect(await takeAll()).toEqual([]);
});

test("a backlog of several turn keys, and of events without one, is handed out whole and each event once", async () => {
  hasTurns = true;
  const stored = [
    ...(await store(descending(700, 60_000), "flood")),
    ...(await store(descending(450, 50_000))),
    ...(await store(descending(130, 40_000), "other")),
  ];
  for (let n = 0; n < 30; n++) stored.push(...(await store([1_000, 999], `small ${n}`)));
  await store([-60_000], "not due");
  const taken: string[] = [];
  while (taken.length < stored.length) taken.push(...(await takeAll()));
  expect(await takeAll()).toEqual([]);
  expect(taken).toHaveLength(stored.length);
  expect(new Set(taken)).toEqual(new Set(stored));
});

test("with enough ready of one turn key, the event of another is found as soon as it is announced", async () => {
  await store(descending(2_000, 60_000), "flood");
  expect(await reader.waiting()).toBe(200);
  const [late = ""] = await store([0], "other");
  hasNews = true;
  await clock.advance(15);
  // The look goes on beside what is ready.
  await reader.waiting();
  const found = async () => reader.take(2).map(({ event }) => event.id);
  const taken: string[] = [];
  await expect.poll(async () => taken.push(...(await found())) && taken.includes(late)).toBe(true);
  expect(taken.length).toBeLessThan(200);
});

test("a backlog of ever so many turn keys is gone through in parts, each event once", async () => {
  await store(Array.from({ length: 6_000 }, () => 1_000));
  await world.all("update event set turn_key = 'key ' || abs(hashtext(id)) % 3000 where destination_id = $1", [
    destinationId,
  ]);
  const seen = new Set<string>();
  let most = 0;
  while (seen.size < 6_000) {
    most = Math.max(most, await reader.waiting());
    hasNews = true;
    for (const { event } of reader.take(50)) seen.add(event.id);
    await clock.advance(20);
  }
  expect(most).toBeLessThan(1_000);
});

const routed = (id: string, turnKey: string | null = null) =>
  handedEvent(
    { team_id: world.ctx.teamId, id, destination_id: destinationId, next_attempt_at: new Date(clock.nowMs()) },
    turnKey,
  );

describe("what routing hands over", () => {
  test("is not read as well, before its commit is heard of, while it is ready, or while its result is stored", async () => {
    expect(await takeAll()).toEqual([]);
    const id = newId("event", clock.nowMs());
    expect(reader.reserve(id)).toBe(true);
    expect(reader.reserve(id)).toBe(false);
    await world.all(
      `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, next_attempt_at, trigger, why, created_at)
       values ($1, $2, 'req_none', 'src_none', 'web_none', $3, 'QUEUED', now() - interval '1 minute', 'INITIAL', '[]', now())`,
      [world.ctx.teamId, id, destinationId],
    );
    await clock.advance(6_000);
    expect(await takeAll()).toEqual([]);
    reader.handOver(routed(id));
    await clock.advance(6_000);
    expect(await takeAll()).toEqual([id]);
    const stored = Promise.withResolvers<void>();
    reader.track(id, stored.promise);
    await clock.advance(6_000);
    expect(await takeAll()).toEqual([]);
    // The page that is being read shows the event as it was before.
    onPage = stored.resolve;
    await clock.advance(6_000);
    expect(await takeAll()).toEqual([]);
  });

  test("is read like any other when room for it is given up, also when a page was being read meanwhile", async () => {
    expect(await takeAll()).toEqual([]);
    const [id = ""] = await store([0]);
    hasNews = true;
    onPage = () => expect(reader.reserve(id)).toBe(true);
    await clock.advance(15);
    expect(await takeAll()).toEqual([]);
    reader.giveUp(id);
    hasNews = true;
    expect(await takeAll()).toEqual([id]);
  });

  test("waits in the table while more may be due before it, or enough is ready", async () => {
    expect(reader.isOpen()).toBe(false);
    await store(descending(250, 60_000));
    expect(await takeAll()).toHaveLength(200);
    expect(reader.reserve("evt_behind_a_backlog")).toBe(false);
    expect(await takeAll()).toHaveLength(50);
    for (let n = 0; n < 100; n++) expect(reader.reserve(`evt_${n}`)).toBe(true);
    expect(reader.reserve("evt_too_many")).toBe(false);
    for (let n = 0; n < 100; n++) reader.handOver(routed(`evt_${n}`));
    expect(reader.reserve("evt_too_many")).toBe(false);
    expect(await takeAll()).toHaveLength(100);
    expect(reader.reserve("evt_with_room")).toBe(true);
    reader.startOver();
    expect(reader.isOpen()).toBe(false);
  });

  test("waits in the table while a result has waited for a second to be stored", async () => {
    expect(await takeAll()).toEqual([]);
    const stored = Promise.withResolvers<void>();
    reader.track("evt_sent", stored.promise);
    reader.track("evt_stored", Promise.resolve());
    await clock.advance(999);
    expect(reader.reserve("evt_1")).toBe(true);
    await clock.advance(1);
    expect(reader.reserve("evt_2")).toBe(false);
    stored.resolve();
    await reader.settled();
    expect(reader.reserve("evt_2")).toBe(true);
  });

  test("goes behind what was ready before, and takes turns with it", async () => {
    hasTurns = true;
    const first = await store([30, 20, 10], "flood");
    expect(await reader.waiting()).toBe(3);
    for (const id of ["evt_4", "evt_5", "evt_other"]) expect(reader.reserve(id)).toBe(true);
    for (const id of ["evt_4", "evt_5"]) reader.handOver(routed(id, "flood"));
    reader.handOver(routed("evt_other", "other"));
    expect(await takeAll()).toEqual([first[0], "evt_other", first[1], first[2], "evt_4", "evt_5"]);
  });
});
