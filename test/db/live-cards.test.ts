// What cards show besides counts and rates: read seldom, only while a page shows cards, and at one price for any number of pages.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bucketOf, emptyHistogram } from "#server/batch/histogram.ts";
import type { LiveChange } from "#server/contracts/live.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { makeCardLook } from "#server/live/cards.ts";
import { makeLiveHub } from "#server/live/hub.ts";
import { makeLog } from "#server/process/log.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";

const NOW = new Date("2026-05-29T12:30:20.000Z");
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
  await world.pool.query("update rollup_progress set hours_until = '2020-01-01'");
});
afterAll(() => world[Symbol.asyncDispose]());

const ago = (ms: number) => new Date(NOW.getTime() - ms);

/** A team with one branch, and what its cards show. */
async function makeCards() {
  const team = await world.team();
  const sourceId = await team.source();
  const destinationId = await team.destination();
  const branch = await team.connection(sourceId, destinationId);
  const { teamId } = team.ctx;
  const look = makeCardLook(teamId);
  return {
    ...team,
    teamId,
    sourceId,
    destinationId,
    branch,
    /** Requests of the minute so long ago. */
    heard: (agoMs: number, counts: Partial<RollupDelta> = { accepted_count: 1 }, ofSource = sourceId) =>
      addRollups(world.pool, [
        {
          team_id: teamId,
          bucket: minuteOf(ago(agoMs)),
          source_id: ofSource,
          connection_id: "",
          destination_id: "",
          ...counts,
        },
      ]),
    look: async (atMs = NOW.getTime()) => {
      await correctBranchCounts(world.pool);
      const { sources, destinations } = (await look(world.pool, atMs)) ?? { sources: [], destinations: [] };
      return {
        source: sources.find(({ id }) => id === sourceId),
        destination: destinations.find(({ id }) => id === destinationId),
        sources,
        destinations,
      };
    },
  };
}

describe("a source", () => {
  test("tells what was rejected in the last hour, and when it was heard last", async () => {
    const cards = await makeCards();
    expect((await cards.look()).source).toBeUndefined();
    await cards.heard(70 * MINUTE, { rejected_count: 5 });
    await cards.heard(50 * MINUTE, { rejected_count: 30, accepted_count: 2 });
    await cards.heard(3 * MINUTE, { rejected_count: 8 });
    expect((await cards.look(NOW.getTime() + 16_000)).source).toEqual({
      id: cards.sourceId,
      rejected_count: 38,
      last_request_at: minuteOf(ago(3 * MINUTE)).toISOString(),
      is_silent: false,
    });
  });

  test("is silent after ten times as long as usual, and never while it is disabled", async () => {
    const cards = await makeCards();
    for (let i = 0; i < 20; i += 1) await cards.heard((47 + i) * MINUTE);
    expect((await cards.look()).source).toMatchObject({
      is_silent: true,
      last_request_at: minuteOf(ago(47 * MINUTE)).toISOString(),
    });
    await world.pool.query("update source set disabled_at = now() where id = $1", [cards.sourceId]);
    expect((await cards.look(NOW.getTime() + 16_000)).source).toMatchObject({ is_silent: false });
  });

  test("is not silent at a pause that it makes every day, or when it is seldom heard at all", async () => {
    const cards = await makeCards();
    for (let i = 0; i < 20; i += 1) await cards.heard((40 + 10 * i) * MINUTE);
    const seldom = await cards.source();
    await cards.heard(300 * MINUTE, { accepted_count: 3 }, seldom);
    const { source, sources } = await cards.look();
    expect(source?.is_silent).toBe(false);
    expect(sources.find(({ id }) => id === seldom)?.is_silent).toBe(false);
  });

  test("was heard at the latest possible time of an hour that has been added up", async () => {
    const cards = await makeCards();
    const hour = new Date("2026-05-29T07:00:00.000Z");
    await world.pool.query(
      "insert into rollup_hour (team_id, bucket, source_id, connection_id, destination_id, accepted_count) values ($1, $2, $3, '', '', 500)",
      [cards.teamId, hour, cards.sourceId],
    );
    await world.pool.query("update rollup_progress set hours_until = '2026-05-29T11:00:00Z'");
    onTestFinished(async () => void (await world.pool.query("update rollup_progress set hours_until = '2020-01-01'")));
    expect((await cards.look()).source).toMatchObject({ is_silent: true, last_request_at: "2026-05-29T07:59:00.000Z" });
  });
});

describe("a destination", () => {
  test("tells of when the oldest event is that waits or is held, not one that is put off on purpose", async () => {
    const cards = await makeCards();
    const event = async (agoMs: number, row: Parameters<typeof cards.event>[2]) =>
      cards.event(await cards.request(cards.sourceId, { agoMs }), cards.branch, row);
    await event(90 * MINUTE, { status: "SCHEDULED", next_attempt_at: ago(-MINUTE) });
    await event(80 * MINUTE, { status: "DELIVERED" });
    await event(6 * MINUTE, { status: "QUEUED", next_attempt_at: ago(6 * MINUTE) });
    expect((await cards.look()).destination?.oldest_at).toBe(ago(6 * MINUTE).toISOString());
    await event(21 * MINUTE, { status: "HOLD", hold_reason: "connection_paused", next_attempt_at: null });
    expect((await cards.look(NOW.getTime() + 16_000)).destination?.oldest_at).toBe(ago(21 * MINUTE).toISOString());
  });

  test("tells of the 95th percentile of the last quarter of an hour", async () => {
    const cards = await makeCards();
    const attempts = (agoMs: number, latencyMs: number, count: number): RollupDelta => {
      const latency_histogram = emptyHistogram();
      latency_histogram[bucketOf(latencyMs)] = count;
      return {
        team_id: cards.teamId,
        bucket: minuteOf(ago(agoMs)),
        source_id: cards.sourceId,
        connection_id: cards.branch.id,
        destination_id: cards.destinationId,
        attempt_count: count,
        latency_histogram,
      };
    };
    await addRollups(world.pool, [
      attempts(20 * MINUTE, 30_000, 500),
      attempts(5 * MINUTE, 100, 90),
      attempts(MINUTE, 600, 10),
    ]);
    const { destination } = await cards.look();
    expect(destination?.latency_p95).toBeGreaterThan(420);
    expect(destination?.latency_p95).toBeLessThan(750);
  });

  test("tells how much of its limit is used up in the period that ends now, at each look", async () => {
    const cards = await makeCards();
    const now = NOW.getTime();
    const limited = { rate_limit: 120, rate_limit_period: "minute" };
    const logSends = (log: unknown) =>
      world.pool.query(
        `insert into lane (destination_id, rate_log) values ($1, $2) on conflict (destination_id) do update set rate_log = $2`,
        [cards.destinationId, JSON.stringify(log)],
      );
    await logSends([
      [now - 61_000, 40],
      [now - 30_000, 50],
      [now, 20],
      [null, 6],
    ]);
    expect((await cards.look()).destination).toBeUndefined();
    await world.pool.query("update destination set config = $2 where id = $1", [
      cards.destinationId,
      JSON.stringify(limited),
    ]);
    expect((await cards.look(now + 100)).destination).toEqual({
      id: cards.destinationId,
      oldest_at: null,
      latency_p95: null,
      limit_used_count: 76,
      in_flight_count: 0,
      breaker: null,
    });
    expect((await cards.look(now + 40_000)).destination?.limit_used_count).toBe(26);
  });

  test("tells of what is under way while its lane has the lease, with a limit or without", async () => {
    const cards = await makeCards();
    const hold = (until: string) =>
      world.pool.query(
        `insert into lane (destination_id, in_flight_count, lease_expires_at) values ($1, 7, now() + $2::interval)
         on conflict (destination_id) do update set lease_expires_at = excluded.lease_expires_at`,
        [cards.destinationId, until],
      );
    await hold("10 seconds");
    expect((await cards.look()).destination).toMatchObject({ limit_used_count: null, in_flight_count: 7 });
    await hold("-1 second");
    expect((await cards.look()).destination).toBeUndefined();
  });

  test("and a source of another team are not told", async () => {
    const [ours, theirs] = [await makeCards(), await makeCards()];
    await theirs.heard(MINUTE);
    await theirs.event(await theirs.request(theirs.sourceId, { agoMs: MINUTE }), theirs.branch, {
      status: "QUEUED",
      next_attempt_at: ago(MINUTE),
    });
    expect(await ours.look()).toMatchObject({ sources: [], destinations: [] });
    expect((await theirs.look()).destinations).toHaveLength(1);
  });
});

describe("a team whose cards cost much", () => {
  const NEXT = 15_000;

  test("is not looked at again at once when that has failed", async () => {
    const cards = await makeCards();
    await cards.heard(MINUTE);
    await world.pool.query("alter table rollup_hour rename to rollup_hour_away");
    onTestFinished(
      async () => void (await world.pool.query("alter table if exists rollup_hour_away rename to rollup_hour")),
    );
    await expect(cards.look()).rejects.toThrow("rollup_hour");
    expect((await cards.look(NOW.getTime() + NEXT - 1)).sources).toEqual([]);
    await world.pool.query("alter table rollup_hour_away rename to rollup_hour");
    expect((await cards.look(NOW.getTime() + NEXT)).sources).toHaveLength(1);
  });

  test("is looked at the more seldom, the longer that takes", async () => {
    const cards = await makeCards();
    const locking = await world.pool.connect();
    await locking.query("begin; lock table rollup_hour in access exclusive mode");
    const slow = cards.look();
    await locking.query("select pg_sleep(0.7); commit");
    locking.release();
    await slow;
    await cards.heard(MINUTE);
    expect((await cards.look(NOW.getTime() + NEXT + 9_000)).sources).toEqual([]);
    expect((await cards.look(NOW.getTime() + 10 * NEXT)).sources).toHaveLength(1);
  });
});

describe("pages", () => {
  const openHub = () => {
    const hub = makeLiveHub(world.url, makeLog("test", "warn"));
    onTestFinished(() => hub.close());
    return hub;
  };
  const hears = async (
    page: { next: ReturnType<ReturnType<typeof openHub>["join"]>["next"] },
    isIt: (change: LiveChange) => boolean,
  ) => {
    let lastId: string | null = null;
    for (let i = 0; i < 20; i += 1) {
      const told = await page.next(lastId, AbortSignal.timeout(5_000), 1_000);
      if (!told) continue;
      lastId = told.id;
      if (isIt(told.change)) return told.change;
    }
    throw new Error("The page was not told.");
  };

  test("that show cards hear of them, first all and then what has changed; others cost no such look", async () => {
    const cards = await makeCards();
    const at = minuteOf(new Date());
    const nowRows = { team_id: cards.teamId, source_id: cards.sourceId, connection_id: "", destination_id: "" };
    await addRollups(world.pool, [{ ...nowRows, bucket: at, rejected_count: 3 }]);
    const hub = openHub();
    const plain = hub.join(cards.teamId, ["counts", "config"]);
    await hears(plain, ({ is_whole }) => is_whole);
    expect(hub.cardLooks()).toBe(0);
    const pages = Array.from({ length: 50 }, () => hub.join(cards.teamId, ["sources"]));
    const told = await Promise.all(pages.map((page) => hears(page, ({ sources }) => sources !== undefined)));
    for (const { sources } of told) expect(sources?.[cards.sourceId]).toMatchObject({ rejected_count: 3 });
    expect(hub.cardLooks()).toBeLessThanOrEqual(2);
    for (const page of pages) page.leave();
    plain.leave();
  });
});
