// A lane whose turn fails in the middle: its sends are still its own until the last of them is recorded.
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction } from "#server/database/db.ts";
import { makeBranch } from "#test/support/branch.ts";
import { keepLog } from "#test/support/logged.ts";
import { startGate } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Ends the connections of the lanes under the statement that looks for due events, which is what a failover does. */
async function cutUnderARead(destinationId: string, lanes: { wakeHere(destinationId: string): boolean }) {
  await inTransaction(world.pool, async (client) => {
    await client.query("lock table event in access exclusive mode");
    lanes.wakeHere(destinationId);
    const waiting = `select pid from pg_stat_activity
      where datname = current_database() and application_name = 'switchyard works' and wait_event_type = 'Lock'`;
    await eventually(
      async () => (await client.query(waiting)).rowCount,
      (count) => count === 1,
    );
    await client.query(`select pg_terminate_backend(pid, 5000) from (${waiting}) as w`);
  });
}

const leaseOf = async (destinationId: string) =>
  (
    await world.all<{ is_held: boolean }>(
      "select coalesce(lease_expires_at > now(), false) as is_held from lane where destination_id = $1",
      [destinationId],
    )
  )[0];

test("a lane whose database breaks keeps its lease until what it sent is recorded, so nothing is sent twice", async () => {
  await using gate = await startGate();
  const { log, lines } = keepLog("warn");
  const worker = await makeWorkerApp(world.env, log);
  try {
    const branch = await makeBranch(world, { to: { url: gate.url } });
    await branch.send({});
    await world.route();
    const turn = worker.lanes.drain(branch.destinationId, "fast").then(
      () => "ended",
      () => "failed",
    );
    await gate.received(1);
    await cutUnderARead(branch.destinationId, worker.lanes);
    const failed = eventually(
      async () => lines.map(({ msg }) => msg),
      (messages) => messages.includes("A lane's turn failed; what it sent is finished first"),
    ).then(() => "finishing");
    expect(await Promise.race([turn, failed])).toBe("finishing");

    expect(worker.lanes.running()).toBe(1);
    expect(await leaseOf(branch.destinationId)).toEqual({ is_held: true });
    await world.worker.lanes.drain(branch.destinationId, "fast");
    let isStopped = false;
    const stopped = worker.lanes.stop().then(() => {
      isStopped = true;
    });
    expect(isStopped).toBe(false);
    gate.open();
    expect(await turn).toBe("failed");
    expect(await world.events(branch.id)).toMatchObject([{ status: "DELIVERED", attempts: 1 }]);
    await stopped;
    expect(await leaseOf(branch.destinationId)).toEqual({ is_held: false });
    await world.worker.lanes.drain(branch.destinationId, "fast");
    expect(gate.receipts).toHaveLength(1);
  } finally {
    gate.open();
    await worker.lanes.stop();
    await worker.close();
  }
});
