// One lane per destination in the cluster, and what happens when that changes hands.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquireLease, recordSends, releaseLease, renewLeases } from "#server/delivery/lease.sql.ts";
import { makeLog } from "#server/process/log.ts";
import { markOfThisProcess, type ProcessMark, readStat, startOf } from "#server/process/process-mark.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";
import { introduce } from "#worker/gone-workers.sql.ts";
import { freeTheGone } from "#worker/gone-workers.ts";
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
    expect(await renewLeases(world.pool, [{ ...first, inFlightCount: 3 }])).toEqual({
      kept: new Set(["des_lease"]),
      databaseNowMs: expect.any(Number),
    });
    expect(await world.all("select in_flight_count from lane where destination_id = 'des_lease'")).toEqual([
      { in_flight_count: 3 },
    ]);
    await expire("des_lease");
    const second = await acquireLease(world.pool, "des_lease", "b");
    expect(second?.token).toBe("2");
    expect(await renewLeases(world.pool, [{ ...first, inFlightCount: 3 }])).toMatchObject({ kept: new Set() });
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
    expect(lease && (await renewLeases(world.pool, [{ ...lease, inFlightCount: 0 }]))).toEqual({
      kept: new Set(),
      databaseNowMs: null,
    });
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

describe("a worker of this machine", () => {
  const HELD = ["gone", "elsewhere", "used-again", "alive"];
  let mark: ProcessMark;
  beforeAll(async () => {
    mark = (await markOfThisProcess()) ?? expect.fail("This machine does not tell processes apart.");
  });

  /** Who still holds a lease, a hand-off, a deferred branch and a job. */
  async function readHolders() {
    const of = async (text: string) => (await world.all<{ who: string }>(text)).map(({ who }) => who);
    return {
      leases: await of(
        "select holder as who from lane where holder = any ('{gone,elsewhere,used-again,alive}') and lease_expires_at > now() order by 1",
      ),
      handOffs: await of("select claimed_by as who from hand_off where claimed_until > now() order by 1"),
      deferred: await of("select claimed_by as who from deferred_branch where due_at > now() order by 1"),
      jobs: await of(
        "select substring(locked_by from 6) as who from graphile_worker._private_jobs where key like 'held-%' and locked_by is not null order by 1",
      ),
      processes: await of(
        "select id as who from worker_process where id = any ('{gone,elsewhere,used-again,alive}') order by 1",
      ),
    };
  }
  const heldBy = (...holders: string[]) => {
    const sorted = holders.toSorted();
    return { leases: sorted, handOffs: sorted, deferred: sorted, jobs: sorted, processes: sorted };
  };

  async function holdAll(pid: number, startedAt: string) {
    const marks: Record<string, ProcessMark> = {
      gone: { ...mark, pid, startedAt },
      // A container of the same name, with a process of the same number.
      elsewhere: { ...mark, place: `${mark.place}1`, pid, startedAt },
      "used-again": { ...mark, startedAt: "1" },
      alive: mark,
    };
    for (const [holder, its] of Object.entries(marks)) {
      await introduce(world.pool, its, { holder, runnerIds: [`held-${holder}`] });
      await acquireLease(world.pool, `des_held_${holder}`, holder);
    }
    // Rows that no worker of this world may take while the test looks at them.
    await world.all(
      `insert into hand_off (requests, claimed_until, claimed_by)
      select '[]', now() + interval '1 hour', who from unnest($1::text[]) as who`,
      [HELD],
    );
    await world.all(
      `insert into deferred_branch (team_id, request_id, source_id, connection_id, body_bytes, is_replay, due_at, claimed_by)
      select 'tm_held', 'req_held', 'src_held', 'con_held', 0, false, now() + interval '1 hour', who from unnest($1::text[]) as who`,
      [HELD],
    );
    await world.all(
      `select graphile_worker.add_job('purge-expired', payload := '{}', job_key := 'held-' || who, run_at := now() + interval '1 hour')
      from unnest($1::text[]) as who`,
      [HELD],
    );
    await world.all(
      "update graphile_worker._private_jobs set locked_at = now(), locked_by = key where key like 'held-%'",
    );
  }

  test("loses what it holds when its process is gone, and not while it is stopped, lives, or may live elsewhere", async () => {
    const child = spawn("sleep", ["600"]);
    const ended = once(child, "exit");
    const pid = child.pid ?? 0;
    await holdAll(pid, startOf((await readStat(pid)) ?? []));
    const free = () => freeTheGone(world.pool, mark, world.worker.log);
    child.kill("SIGSTOP");
    expect(await free()).toEqual({ holders: ["used-again"], destinationIds: ["des_held_used-again"] });
    expect(await readHolders()).toEqual(heldBy("gone", "elsewhere", "alive"));
    expect(await free()).toBeNull();
    child.kill("SIGKILL");
    await ended;
    expect(await Promise.all([free(), free()])).toEqual(
      expect.arrayContaining([null, { holders: ["gone"], destinationIds: ["des_held_gone"] }]),
    );
    expect(await readHolders()).toEqual(heldBy("elsewhere", "alive"));
    // The next holder has a higher token, so nothing that the first one still had in a pipe changes a state.
    expect((await acquireLease(world.pool, "des_held_gone", "next"))?.token).toBe("2");
    await world.all("delete from hand_off where claimed_by is not null");
    await world.all("delete from deferred_branch where team_id = 'tm_held'");
    await world.all("delete from graphile_worker._private_jobs where key like 'held-%'");
  });
});
