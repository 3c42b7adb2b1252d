// A breaker at work: what a dead receiver gets, what is held meanwhile, and how it drains when the receiver is back.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BreakerSettings, DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { systemClock } from "#server/process/clock.ts";
import { makeLog } from "#server/process/log.ts";
import { getDestination, setDestinationBreaker } from "#server/resources/destinations.ts";
import { getEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const QUICK: BreakerSettings = {
  ...DEFAULT_BREAKER,
  consecutive_failures: 3,
  probe_min_ms: 1_000,
  good_probes: 2,
  ramp_ms: 1_000,
};
const RETRIES = [{ type: "retry", strategy: "linear", interval: 3_600_000, count: 5 } as const];

/** A receiver that answers as `health` says, and a branch to it. */
async function makePatient(breaker: Partial<BreakerSettings> = {}, concurrency = 1) {
  const health = { status: 503 };
  const receiver = await startReceiver(() => ({ status: health.status }));
  const to = { url: receiver.url, concurrency, breaker: { ...QUICK, ...breaker } };
  const branch = await makeBranch(world, { to, rules: RETRIES });
  return { health, receiver, branch };
}
const breakerOf = async (branch: Branch) => (await getDestination(world.ctx, { id: branch.destinationId })).breaker;
const countOf = async (branch: Branch, where: string) => {
  const [row] = await world.all<{ n: number }>(
    `select count(*)::int as n from event where connection_id = $1 and ${where}`,
    [branch.id],
  );
  return row?.n ?? 0;
};
const untilCount = (branch: Branch, where: string, n: number) =>
  eventually(
    () => countOf(branch, where),
    (count) => count === n,
  );
const sendMany = (branch: Branch, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => branch.send({ n })));
const untilLaneIsFree = (branch: Branch) =>
  eventually(
    () =>
      world.all("select 1 from lane where destination_id = $1 and lease_expires_at is null", [branch.destinationId]),
    (rows) => rows.length === 1,
  );
const probesAt = ({ receipts }: Receiver) =>
  receipts.filter(({ headers }) => headers["x-switchyard-trigger"] === "PROBE").map(({ atMs }) => atMs);

test.concurrent("a dead receiver gets one probe per wait, and the events that wait for it lose no try and no retry", async () => {
  const { receiver, branch } = await makePatient();
  await using _receiver = receiver;
  await sendMany(branch, 12);
  await untilCount(branch, "status = 'HOLD' and hold_reason = 'breaker_open'", 9);
  await receiver.received(5);
  const [first, second] = probesAt(receiver);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_990);
  await untilCount(branch, "status = 'HOLD'", 9);
  // Each probe was another event, and is as it was but for the attempt on record.
  expect(await countOf(branch, "status = 'HOLD' and attempts = 1 and retries_counted_from = 1")).toBe(2);
  expect(await countOf(branch, "status = 'HOLD' and attempts = 0")).toBe(7);
  expect(await countOf(branch, "status = 'RETRYING'")).toBe(3);
  expect(await breakerOf(branch)).toMatchObject({
    state: "open",
    because: { kind: "in_a_row", failures: 3, trouble: "fails", response_status: 503 },
    failed_probes: 2,
    holds_events: true,
  });
}, 20_000);

test.concurrent("its event says why it is held, and that the probe cost nothing", async () => {
  // Longer than the second within which a lane looks at what it has to hold.
  const { receiver, branch } = await makePatient({ probe_min_ms: 2_000 });
  await using _receiver = receiver;
  await sendMany(branch, 4);
  await receiver.received(4);
  await untilCount(branch, "status = 'HOLD' and attempts = 1", 1);
  const [held] = await world.all<{ id: string }>("select id from event where connection_id = $1 and status = 'HOLD'", [
    branch.id,
  ]);
  const { why } = await getEvent(world.ctx, { id: held?.id ?? "" });
  expect(why.slice(-4)).toMatchObject([
    { step: "hold", outcome: "held", reason: "breaker_open" },
    { step: "release", outcome: "released" },
    { step: "attempt", trigger: "PROBE", outcome: "failed", next: { kind: "hold", because: "breaker_open" } },
    { step: "hold", outcome: "held", reason: "breaker_open" },
  ]);
});

test.concurrent("when the receiver is back everything drains, at no time with more on the wire than the ramp allows", async () => {
  const health = { status: 503 };
  let onWire = 0;
  const seen: { atMs: number; onWire: number }[] = [];
  await using receiver = await startReceiver(async () => {
    const { status } = health;
    seen.push({ atMs: Date.now(), onWire: ++onWire });
    if (status === 200) await new Promise((resolve) => setTimeout(resolve, 25));
    onWire--;
    return { status };
  });
  const breaker = { ...QUICK, ramp_ms: 3_000 };
  const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 20, breaker }, rules: RETRIES });
  await sendMany(branch, 600);
  await eventually(
    () => countOf(branch, "status in ('QUEUED', 'SCHEDULED')"),
    (n) => n === 0,
  );
  const burnt = await countOf(branch, "status = 'RETRYING'");
  expect(burnt).toBeLessThanOrEqual(3 + 20);
  health.status = 200;
  await eventually(
    async () => (await breakerOf(branch)).state,
    (state) => state === "ramping",
  );
  const closedAtMs = Date.parse((await breakerOf(branch)).since ?? "");
  await untilCount(branch, "status = 'DELIVERED'", 600 - burnt);
  const tooMany = seen.filter(
    ({ atMs, onWire: count }) => atMs >= closedAtMs && count > 1 + (19 * (atMs - closedAtMs)) / 3_000,
  );
  expect(tooMany).toEqual([]);
  expect(Math.max(...seen.filter(({ atMs }) => atMs > closedAtMs).map((each) => each.onWire))).toBeGreaterThan(5);
  const delivered = receiver.receipts.slice(-(600 - burnt)).map(({ headers }) => headers["webhook-id"]);
  expect(new Set(delivered).size).toBe(600 - burnt);
  await eventually(
    () => breakerOf(branch),
    ({ state, holds_events }) => state === "closed" && !holds_events,
  );
}, 30_000);

test.concurrent("a worker that takes over in the middle of a probe, with a clock of its own, knows why, since when, and when to probe", async () => {
  let isHanging = false;
  await using receiver = await startReceiver(() => (isHanging ? "hang" : { status: 503 }));
  const breaker = { ...QUICK, probe_min_ms: 2_000 };
  const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 1, breaker }, rules: RETRIES });
  await sendMany(branch, 5);
  await receiver.received(3);
  isHanging = true;
  await receiver.received(4);
  const before = await breakerOf(branch);
  expect(before).toMatchObject({ state: "half_open", because: { failures: 3 } });
  const AHEAD_MS = 3_600_000;
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + AHEAD_MS };
  const others = await makeWorkerApp(world.env, makeLog("test", "warn"), clock);
  try {
    // The lease of a worker that was killed runs out; the lane of this one still waits for its answer.
    await world.all("update lane set lease_expires_at = now() - interval '1 second' where destination_id = $1", [
      branch.destinationId,
    ]);
    await others.lanes.drain(branch.destinationId, "fast");
    expect(receiver.receipts).toHaveLength(4);
    const { since, because, next_probe_at } = before;
    expect(await breakerOf(branch)).toMatchObject({ since, because, next_probe_at });
    const [lane] = await world.all<{ breaker_wake_at: Date }>(
      "select breaker_wake_at from lane where destination_id = $1",
      [branch.destinationId],
    );
    expect(Number(lane?.breaker_wake_at)).toBeLessThan(Date.now() + 60_000);
  } finally {
    await others.lanes.stop();
    await others.close();
  }
}, 20_000);

test.concurrent("at a destination that keeps an order the first one is the probe, and what was held follows in order", async () => {
  const health = { status: 503 };
  await using receiver = await startReceiver(() => ({ status: health.status }));
  const breaker = { ...QUICK, consecutive_failures: 2 };
  const to = { url: receiver.url, ordering: "fifo" as const, breaker };
  const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 20 } as const];
  const branch = await makeBranch(world, { to, rules });
  for (let n = 0; n < 8; n++) await branch.send({ n });
  await eventually(
    () => breakerOf(branch),
    ({ state, failed_probes }) => state === "open" && failed_probes >= 1,
  );
  health.status = 200;
  await untilCount(branch, "status = 'DELIVERED'", 8);
  const sent = receiver.receipts.map(({ body }) => JSON.parse(body.toString()).n as number);
  expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  expect(sent.filter((n) => n > 0)).toEqual([1, 2, 3, 4, 5, 6, 7]);
}, 20_000);

test("what comes for a receiver that gets nothing is held together once a second, and not at each event", async () => {
  const { receiver, branch } = await makePatient({ mode: "open" });
  await using _receiver = receiver;
  const { config } = world.worker;
  const { upToDate } = config;
  await branch.send({ n: 0 });
  await untilCount(branch, "status = 'HOLD'", 1);
  let looks = 0;
  // Each time that it holds something the lane asks for the newest configuration.
  config.upToDate = () => {
    looks++;
    return upToDate();
  };
  try {
    const startedAtMs = performance.now();
    for (let n = 1; n <= 30; n++) await branch.send({ n });
    await untilCount(branch, "status = 'HOLD'", 31);
    expect(looks).toBeLessThanOrEqual(2 + (performance.now() - startedAtMs) / 1_000);
  } finally {
    config.upToDate = upToDate;
  }
  expect(receiver.receipts).toEqual([]);
});

test("forced open holds what is well, and forced closed lets everything go", async () => {
  const { health, receiver, branch } = await makePatient({}, 5);
  await using _receiver = receiver;
  health.status = 200;
  const set = (mode: BreakerSettings["mode"]) => setDestinationBreaker(world.ctx, { id: branch.destinationId, mode });
  expect(await set("open")).toMatchObject({ config: { breaker: { mode: "open", consecutive_failures: 3 } } });
  await world.worker.config.upToDate();
  await sendMany(branch, 3);
  await untilCount(branch, "status = 'HOLD' and hold_reason = 'breaker_open'", 3);
  expect(await breakerOf(branch)).toMatchObject({
    state: "open",
    is_forced: true,
    because: { kind: "forced" },
    since: expect.any(String),
  });
  expect(receiver.receipts).toEqual([]);
  await set("closed");
  await untilCount(branch, "status = 'DELIVERED'", 3);
  health.status = 503;
  await sendMany(branch, 8);
  await untilCount(branch, "status = 'RETRYING'", 8);
  expect(await breakerOf(branch)).toMatchObject({ state: expect.not.stringMatching(/open/), is_forced: true });
  const entries = await world.all("select action from audit_entry where resource_id = $1 and action = 'update'", [
    branch.destinationId,
  ]);
  expect(entries).toHaveLength(2);
});

test("the sweep wakes a lane whose probe is due and was not arranged, and frees what no lane holds", async () => {
  const { health, receiver, branch } = await makePatient({ probe_min_ms: 60_000, probe_max_ms: 60_000 });
  await using _receiver = receiver;
  await sendMany(branch, 5);
  await untilCount(branch, "status = 'HOLD'", 2);
  await untilLaneIsFree(branch);
  health.status = 200;
  await world.all(
    `update lane set breaker_wake_at = now() - interval '5 seconds', breaker = jsonb_set(breaker::jsonb, '{next_probe}', '0')::json
     where destination_id = $1`,
    [branch.destinationId],
  );
  const { pool, config, log, lanes } = world.worker;
  await sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
  await untilCount(branch, "status = 'DELIVERED'", 2);

  const lost = await makePatient({ probe_min_ms: 60_000, probe_max_ms: 60_000 });
  await using _lost = lost.receiver;
  await sendMany(lost.branch, 5);
  await untilCount(lost.branch, "status = 'HOLD'", 2);
  lost.health.status = 200;
  await untilLaneIsFree(lost.branch);
  await world.all("update lane set breaker = null, breaker_holds = false where destination_id = $1", [
    lost.branch.destinationId,
  ]);
  await sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
  await untilCount(lost.branch, "status = 'DELIVERED'", 2);
}, 20_000);
