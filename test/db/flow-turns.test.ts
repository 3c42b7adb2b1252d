// An application of a file may last for minutes: whoever only reads, of whatever team, does not wait for it.
import { expect, test } from "vitest";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { inTransaction } from "#server/database/db.ts";
import { createApi } from "#test/support/api.ts";
import { eventually } from "#test/support/world.ts";

const TEXT = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: payments }
spec:
  source: { name: shop }
  destinations:
    - { name: orders, type: MOCK }
`;

test("a team plans, lists and exports while two others apply for as long as they like", async () => {
  await using api = await createApi();
  const slow = [await api.makeTeam("one"), await api.makeTeam("two")];
  const post = async (path: string, teamId: string) =>
    (await api.post(`/v1/flows/${path}`, { text: TEXT }, { key: await api.makeKey([teamId]) })).status;
  const applied = await inTransaction(api.pool, async (db) => {
    for (const teamId of slow)
      await db.query("select pg_advisory_xact_lock($1::int, hashtext($2))", [ADVISORY_LOCKS.flows, teamId]);
    const applies = slow.map((teamId) => post("apply", teamId));
    const waiting = "select from pg_locks where locktype = 'advisory' and classid = $1 and not granted";
    await eventually(
      () => db.query(waiting, [ADVISORY_LOCKS.flows]),
      ({ rowCount }) => rowCount === slow.length,
    );
    expect(await post("plan", api.teamId)).toBe(200);
    expect((await api.get("/v1/flows")).status).toBe(200);
    expect((await api.get("/v1/flows/export")).status).toBe(200);
    return applies;
  });
  expect(await Promise.all(applied)).toEqual([200, 200]);
});
