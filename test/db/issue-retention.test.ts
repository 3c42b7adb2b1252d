import { expect, test } from "vitest";
import { purgeExpired } from "#server/retention/purge.ts";
import { keepLog } from "#test/support/logged.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { plantedIssue, rejectingSource } from "#test/support/planted-issue.ts";

const DAY = 86_400_000;

test("a resolved issue is kept for 400 days, and one that is open for good", async () => {
  const start = new Date("2026-05-29T12:30:00.000Z");
  await using world = await createObservedWorld(start);
  const { teamId } = (await world.team()).ctx;
  for (const state of ["open", "resolved"] as const) {
    const data = plantedIssue(teamId, start, { ...rejectingSource(`src_${state}`), state });
    await world.app.db.issue.create({ data });
  }
  const statesAfter = async (ms: number) => {
    const { log } = keepLog("error");
    await purgeExpired(world.pool, log, { now: new Date(start.getTime() + ms), retentionDays: 1_000 });
    const rows = await world.app.db.issue.findMany({ where: { team_id: teamId }, orderBy: { state: "asc" } });
    return rows.map(({ state }) => state);
  };
  expect(await statesAfter(400 * DAY)).toEqual(["open", "resolved"]);
  expect(await statesAfter(400 * DAY + 1)).toEqual(["open"]);
});
