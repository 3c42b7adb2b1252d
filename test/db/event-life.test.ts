// The life of an event: its lists of states, its moves and their counts, and the trace that tells of them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DUE, FINISHED, UNFINISHED } from "#server/events/lifecycle.ts";
import {
  deleteConnection,
  pauseConnection,
  unpauseConnection,
  updateConnection,
} from "#server/resources/connections.ts";
import { disableDestination, enableDestination } from "#server/resources/destinations.ts";
import { cancelEvent, getEvent, listEvents, retryEvent } from "#server/resources/events.ts";
import { retryRequest } from "#server/resources/requests.ts";
import { rerouteRequest } from "#server/routing/route-requests.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const PAGE = { limit: 10, dir: "desc", order_by: "created_at" } as const;
const RETRY = [{ type: "retry", strategy: "linear", interval: 3_600_000, count: 3 } as const];
const sweepOnce = () => {
  const { pool, config, log, lanes } = world.worker;
  return sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
};
/** The first event of the branch once it has the status; what is due may be found by the sweep alone. */
const reaches = async (branch: Branch, status: string) => {
  const [event] = await eventually(
    async () => {
      await sweepOnce();
      return world.events(branch.id);
    },
    (rows) => rows[0]?.status === status,
  );
  if (!event) throw new Error("There is no event.");
  return event;
};
const triedTwice = async (branch: Branch) =>
  (
    await eventually(
      () => world.events(branch.id),
      ([event]) => event?.attempts === 2,
    )
  )[0];
const makeDue = (id: string) =>
  world.all("update event set next_attempt_at = now() - interval '2 seconds' where id = $1", [id]);
const counted = async (branch: Branch) =>
  (
    await world.all(
      "select sum(hold_count)::int as held, sum(cancelled_count)::int as cancelled from rollup_minute where connection_id = $1",
      [branch.id],
    )
  )[0];
const whyOf = async (id: string) => (await getEvent(world.ctx, { id })).why;
/** An event that waits an hour for its retry. */
async function retrying(receiver: { url: string }, into?: string) {
  const branch = await makeBranch(world, { ...(into ? { into } : { to: { url: receiver.url } }), rules: RETRY });
  await branch.send({});
  return { branch, id: (await reaches(branch, "RETRYING")).id };
}

describe("the states", () => {
  test("are divided into those that are due, held and finished, and the partial indexes name the same", async () => {
    const [check] = await world.all<{ def: string }>(
      "select pg_get_constraintdef(oid) as def from pg_constraint where conname = 'event_status_check' and conrelid = 'event'::regclass",
    );
    const inSql = (sql: string | undefined) =>
      [...(sql ?? "").matchAll(/'([A-Z]+)'/g)].map(([, state]) => state).sort();
    expect(inSql(check?.def)).toEqual([...UNFINISHED, ...FINISHED].sort());
    const indexes = await world.all<{ indexname: string; states: string }>(
      "select indexname, split_part(indexdef, ' WHERE ', 2) as states from pg_indexes where tablename = 'event' and indexdef like '% WHERE %status%' order by 1",
    );
    expect(indexes.map(({ indexname, states }) => [indexname, inSql(states)])).toEqual([
      ["event_breaker_idx", ["HOLD"]],
      ["event_failed_idx", ["FAILED"]],
      ["event_hold_idx", ["HOLD"]],
      ["event_lane_idx", [...DUE].sort()],
      ["event_order_idx", ["FAILED", ...UNFINISHED].sort()],
      ["event_paused_group_idx", ["HOLD"]],
      ["event_turn_idx", [...DUE].sort()],
    ]);
  });
});

describe("a retry that comes due", () => {
  test("while its connection is paused is held for that, and the trace says since when, and when it was released", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const { branch, id } = await retrying(receiver);
    await pauseConnection(world.ctx, { id: branch.id });
    expect((await whyOf(id)).at(-1)).toMatchObject({
      step: "hold",
      outcome: "will_be_held",
      reason: "connection_paused",
    });
    await makeDue(id);
    expect(await reaches(branch, "HOLD")).toMatchObject({ hold_reason: "connection_paused", ended_because: null });
    const held = (await whyOf(id)).at(-1);
    expect(held).toMatchObject({
      step: "hold",
      outcome: "held",
      reason: "connection_paused",
      since: expect.any(String),
    });
    const { data } = await listEvents(world.ctx, {
      ...PAGE,
      connection_id: [branch.id],
      hold_reason: ["connection_paused"],
    });
    expect(data).toMatchObject([{ id, hold_reason: "connection_paused" }]);

    await unpauseConnection(world.ctx, { id: branch.id });
    expect(await triedTwice(branch)).toMatchObject({ status: "RETRYING", hold_reason: null });
    expect(await whyOf(id)).toMatchObject([
      { step: "connection" },
      { step: "queue" },
      { step: "attempt", number: 1, next: { kind: "retry", because: "policy" } },
      { step: "hold", outcome: "held", reason: "connection_paused" },
      { step: "release" },
      { step: "attempt", number: 2, trigger: "UNPAUSE", next: { kind: "retry", because: "policy" } },
    ]);
    expect(await counted(branch)).toEqual({ held: 1, cancelled: 0 });
  });

  test("while its destination is disabled is held for that, and an unpause of its connection does not release it", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const { branch, id } = await retrying(receiver);
    await disableDestination(world.ctx, { id: branch.destinationId });
    await makeDue(id);
    expect(await reaches(branch, "HOLD")).toMatchObject({ hold_reason: "destination_disabled" });
    expect((await whyOf(id)).at(-1)).toMatchObject({ step: "hold", outcome: "held", reason: "destination_disabled" });
    await pauseConnection(world.ctx, { id: branch.id });
    await unpauseConnection(world.ctx, { id: branch.id });
    await world.worker.config.upToDate();
    expect(await world.events(branch.id)).toMatchObject([{ status: "HOLD", hold_reason: "destination_disabled" }]);
    await enableDestination(world.ctx, { id: branch.destinationId });
    expect(await triedTwice(branch)).toMatchObject({ status: "RETRYING", hold_reason: null });
  });
});

describe("a hold that is not a switch's", () => {
  test("is left to its owner by unpause and sweep alike", async () => {
    const branch = await makeBranch(world, {});
    await pauseConnection(world.ctx, { id: branch.id });
    await branch.send({});
    await reaches(branch, "HOLD");
    await world.all("update event set hold_reason = 'waits_for_order' where connection_id = $1", [branch.id]);
    const marker = await makeBranch(world, { into: branch.destinationId });
    await pauseConnection(world.ctx, { id: marker.id });
    await marker.send({});
    await reaches(marker, "HOLD");
    await unpauseConnection(world.ctx, { id: branch.id });
    await sweepOnce();
    // Released after it, by the same runner.
    await unpauseConnection(world.ctx, { id: marker.id });
    await reaches(marker, "RETRYING");
    expect(await world.events(branch.id)).toMatchObject([{ status: "HOLD", hold_reason: "waits_for_order" }]);
  });
});

describe("the end of an event", () => {
  test.each([
    [410, undefined, "gone"],
    [404, ["500-599"], "status_excluded"],
    [500, undefined, "exhausted"],
  ] as const)("after a %s is on record: %s, %s", async (status, response_status_codes, ended_because) => {
    await using receiver = await startReceiver({ status });
    const rule = { type: "retry", strategy: "linear", interval: 1_000, count: 0 } as const;
    const rules = [{ ...rule, ...(response_status_codes && { response_status_codes: [...response_status_codes] }) }];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    await branch.send({});
    const { id } = await reaches(branch, "FAILED");
    expect(await getEvent(world.ctx, { id })).toMatchObject({ ended_because, hold_reason: null });
    expect((await whyOf(id)).at(-1)).toMatchObject({ step: "end", outcome: "failed", because: ended_because });
    await retryEvent(world.ctx, { id });
    await eventually(
      () => world.attempts(id),
      (rows) => rows.length === 2,
    );
    const { data } = await listEvents(world.ctx, {
      ...PAGE,
      connection_id: [branch.id],
      ended_because: [ended_because],
    });
    expect(data).toHaveLength(1);
  });

  test("has one shape when it is cancelled, whoever cancels it, and is counted", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const byHand = await retrying(receiver);
    const byLane = await retrying(receiver);
    const held = await retrying(receiver);
    await pauseConnection(world.ctx, { id: held.branch.id });
    await makeDue(held.id);
    await reaches(held.branch, "HOLD");

    await cancelEvent(world.ctx, { id: byHand.id });
    await world.all("delete from connection where id = $1", [byLane.branch.id]);
    await makeDue(byLane.id);
    await deleteConnection(world.ctx, { id: held.branch.id });
    for (const { branch, id } of [byHand, byLane, held]) {
      const shape = { error_code: "CANCELLED", response_status: 500, next_attempt_at: null, hold_reason: null };
      expect(await reaches(branch, "CANCELLED")).toMatchObject(shape);
      expect(await counted(branch)).toMatchObject({ cancelled: 1 });
      const because = id === byHand.id ? "requested" : "connection_deleted";
      expect((await whyOf(id)).at(-1)).toMatchObject({ step: "end", outcome: "cancelled", because });
    }
  });

  test("comes at once for what waits for its time when its connection is deleted, and for nothing else there", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const deleted = await retrying(receiver);
    const kept = await retrying(receiver, deleted.branch.destinationId);
    const delayed = await makeBranch(world, {
      into: deleted.branch.destinationId,
      rules: [{ type: "delay", delay: 3_600_000 }],
    });
    const moved = await retrying(receiver);
    await delayed.send({});
    await reaches(delayed, "SCHEDULED");
    // Its event goes on waiting at the destination that it was made for.
    await updateConnection(world.ctx, { id: moved.branch.id, destination_id: deleted.branch.destinationId });
    for (const { id } of [deleted.branch, delayed, moved.branch]) await deleteConnection(world.ctx, { id });
    for (const branch of [deleted.branch, delayed, moved.branch]) await reaches(branch, "CANCELLED");
    expect((await world.events(kept.branch.id))[0]?.status).toBe("RETRYING");
  });
});

describe("a retry into a paused connection", () => {
  test("is counted as held like any other hold", async () => {
    await using receiver = await startReceiver({ status: 410 });
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    const { id } = await reaches(branch, "FAILED");
    await pauseConnection(world.ctx, { id: branch.id });
    const retried = { status: "HOLD", hold_reason: "connection_paused", ended_because: null, trigger: "MANUAL" };
    expect(await retryEvent(world.ctx, { id })).toMatchObject(retried);
    expect(await counted(branch)).toEqual({ held: 1, cancelled: 0 });
    expect((await whyOf(id)).slice(-3)).toMatchObject([
      { step: "attempt", next: { kind: "give_up", because: "gone" } },
      { step: "requeue" },
      { step: "hold", outcome: "held", reason: "connection_paused" },
    ]);
  });
});

describe("a request routed again into a paused connection", () => {
  test("counts its event as held once, though the event was there before", async () => {
    await using receiver = await startReceiver({ status: 410 });
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const requestId = await branch.send({});
    const { id } = await reaches(branch, "FAILED");
    await pauseConnection(world.ctx, { id: branch.id });
    await retryRequest(world.ctx, { id: requestId });
    expect(await reaches(branch, "HOLD")).toMatchObject({ hold_reason: "connection_paused", ended_because: null });
    await rerouteRequest(world.worker.router, { teamId: world.ctx.teamId, requestId, connectionIds: null });
    expect(await counted(branch)).toEqual({ held: 1, cancelled: 0 });
    expect((await whyOf(id)).at(-1)).toMatchObject({ step: "hold", outcome: "held", reason: "connection_paused" });
  });
});

describe("what somebody asks of an event or a request", () => {
  test("stands in the audit log where it changed something, with who asked", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const { branch, id } = await retrying(receiver);
    const requestId = (await world.events(branch.id))[0]?.request_id ?? "";
    await pauseConnection(world.ctx, { id: branch.id });
    const ctx = { ...world.ctx, actor: { kind: "api_key", id: "key_asks" } } as const;
    await retryEvent(ctx, { id });
    await retryEvent(ctx, { id });
    await cancelEvent(ctx, { id });
    await cancelEvent(ctx, { id });
    await retryRequest(ctx, { id: requestId });
    const entries = await world.all(
      "select action, resource_kind, resource_id from audit_entry where actor_id = 'key_asks' order by id, action",
    );
    expect(entries).toHaveLength(3);
    expect(entries).toEqual(
      expect.arrayContaining([
        { action: "retry", resource_kind: "event", resource_id: id },
        { action: "cancel", resource_kind: "event", resource_id: id },
        { action: "retry", resource_kind: "request", resource_id: requestId },
      ]),
    );
  });
});
