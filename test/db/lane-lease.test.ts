// One lane per destination in the cluster, and what happens when that changes hands.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquireLease, recordSends, releaseLease, renewLeases } from "#server/delivery/lease.sql.ts";
import { makeLog } from "#server/process/log.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";
import { beat } from "#worker/liveness.sql.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const sweepOnce = () => {
  const { pool, config, log, lanes } = world.worker;
  return sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
};
// By a second: the clock of a virtual machine may step back a little between two statements.
const expire = (destinationId: string) =>
  world.all("update lane set lease_expires_at = now() - interval '1 second' where destination_id = $1", [
    destinationId,
  ]);
const idle = () =>
  eventually(
    async () => world.worker.lanes.running(),
    (lanes) => lanes === 0,
  );

describe("a lease", () => {
  test("is had by one at a time; each holder gets a higher token, and a lost one renews and writes nothing", async () => {
    const first = await acquireLease(world.pool, "des_lease", "a");
    expect(first?.token).toBe("1");
    expect(await acquireLease(world.pool, "des_lease", "b")).toBeNull();
    if (!first) return;
    expect(await renewLeases(world.pool, [{ ...first, inFlightCount: 3 }])).toEqual(new Set(["des_lease"]));
    expect(await world.all("select in_flight_count from lane where destination_id = 'des_lease'")).toEqual([
      { in_flight_count: 3 },
    ]);
    await expire("des_lease");
    const second = await acquireLease(world.pool, "des_lease", "b");
    expect(second?.token).toBe("2");
    expect(await renewLeases(world.pool, [{ ...first, inFlightCount: 3 }])).toEqual(new Set());
    expect(await recordSends(world.pool, first, [[1, 1]])).toBe(false);
    await releaseLease(world.pool, first, {
      isSlow: true,
      rateLog: null,
      breaker: null,
      holdsEvents: false,
      breakerWakeAt: null,
    });
    expect(await world.all("select holder, is_slow from lane where destination_id = 'des_lease'")).toEqual([
      { holder: "b", is_slow: false },
    ]);
  });

  test("that expired is not renewed, even when nobody took it", async () => {
    const lease = await acquireLease(world.pool, "des_expired", "a");
    await expire("des_expired");
    expect(lease && (await renewLeases(world.pool, [{ ...lease, inFlightCount: 0 }]))).toEqual(new Set());
  });

  test("hands on what was sent, so that the next holder counts it", async () => {
    const lease = await acquireLease(world.pool, "des_rate", "a");
    if (lease) expect(await recordSends(world.pool, lease, [[1_000, 3]])).toBe(true);
    await expire("des_rate");
    expect((await acquireLease(world.pool, "des_rate", "b"))?.rateLog).toEqual([[1_000, 3]]);
  });
});

describe("a lane that was taken over", () => {
  test("changes no state with its late result, but its attempt is kept, and the event is delivered by the next", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    await using receiver = await startReceiver((_, index) => (index === 0 ? gate.then(() => ({ status: 500 })) : {}));
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    await receiver.received(1);
    await world.all("update lane set token = token + 1, holder = 'thief' where destination_id = $1", [
      branch.destinationId,
    ]);
    open();
    const [event] = await world.events(branch.id);
    const id = event?.id ?? "";
    await eventually(
      () => world.attempts(id),
      (rows) => rows.length === 1,
    );
    expect(await world.attempts(id)).toMatchObject([{ response_status: 500, error_code: "BAD_RESPONSE" }]);
    expect(await world.events(branch.id)).toMatchObject([{ status: "QUEUED", attempts: 0, response_status: null }]);

    // It notices at its next renewal. What it may send until then moves nothing either, not even a success.
    await idle();
    expect(await world.events(branch.id)).toMatchObject([{ status: "QUEUED", attempts: 0, response_status: null }]);
    const staleAttempts = (await world.attempts(id)).length;
    await expire(branch.destinationId);
    // Long enough overdue for the sweep, which is what finds it when its thief dies.
    await world.all("update event set next_attempt_at = now() - interval '2 seconds' where id = $1", [id]);
    await sweepOnce();
    await eventually(
      () => world.events(branch.id),
      ([row]) => row?.status === "DELIVERED",
    );
    expect(await world.attempts(id)).toHaveLength(staleAttempts + 1);
    expect(receiver.receipts).toHaveLength(staleAttempts + 1);
  });
});

describe("two workers", () => {
  test("drain one destination without sending anything twice", async () => {
    await using receiver = await startReceiver(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return {};
    });
    const other = await makeWorkerApp(world.env, makeLog("test", "warn"));
    try {
      const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 5 } });
      const drains: Promise<void>[] = [];
      for (let n = 0; n < 100; n++) {
        await branch.send({ n });
        drains.push(other.lanes.drain(branch.destinationId, "fast"));
      }
      await receiver.received(100);
      await eventually(
        () => world.events(branch.id),
        (rows) => rows.every(({ status }) => status === "DELIVERED"),
      );
      await other.lanes.stop();
      await Promise.all(drains);
      expect(new Set(receiver.receipts.map(({ headers }) => headers["webhook-id"])).size).toBe(100);
      expect(receiver.receipts).toHaveLength(100);
    } finally {
      await other.lanes.stop();
      await other.close();
    }
  });
});

describe("the sweep", () => {
  test("wakes what is due and woke nobody", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    await eventually(
      () => world.events(branch.id),
      ([row]) => row?.status === "DELIVERED",
    );
    await idle();
    await world.all(
      "update event set status = 'QUEUED', next_attempt_at = now() - interval '2 seconds' where connection_id = $1",
      [branch.id],
    );
    await sweepOnce();
    await receiver.received(2, 5_000);
  });

  test("frees the jobs of a worker that fell silent and of no other", async () => {
    await beat(world.pool, ["silent", "alive"]);
    await world.all("update worker_heartbeat set beat_at = now() - interval '21 seconds' where id = 'silent'");
    await world.all(
      `select graphile_worker.add_job('purge-expired', payload := '{}', job_key := 'stuck-' || worker, run_at := now() + interval '1 hour')
       from unnest(array['silent', 'alive']) as worker`,
    );
    await world.all(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = substring(key from 7) where key like 'stuck-%'`,
    );
    await sweepOnce();
    expect(
      await world.all("select key, locked_by from graphile_worker._private_jobs where key like 'stuck-%' order by key"),
    ).toEqual([
      { key: "stuck-alive", locked_by: "alive" },
      { key: "stuck-silent", locked_by: null },
    ]);
    expect(await world.all("select id from worker_heartbeat where id in ('silent', 'alive')")).toEqual([
      { id: "alive" },
    ]);
  });
});
