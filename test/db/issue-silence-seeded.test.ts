// A silent source is noticed after three of its own periods and not before: seeded rhythms over real rows, told from outside.
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { updateIssueRules } from "#server/resources/issue-rules.ts";
import { keepLog } from "#test/support/logged.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups } from "#test/support/rollups.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BEGIN = Date.parse("2026-05-25T00:00:00.000Z");
const DAYS = 4;
const NIGHTS_KNOWN_MS = 2.5 * DAY;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(new Date(BEGIN + DAYS * DAY));
});
afterAll(() => world[Symbol.asyncDispose]());

/** Numbers from 0 up to 1 that follow from the seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Shop {
  periodMinutes: number;
  /** It sends from six in the morning to ten at night. */
  closesAtNight: boolean;
  /** Of its last day: when it was heard last. */
  untilMs: number;
}

/** The minutes in which it was heard: with gaps of half its period to all of it. */
function minutesOf({ periodMinutes, closesAtNight, untilMs }: Shop, random: () => number): number[] {
  const heard: number[] = [];
  for (let at = BEGIN; at <= BEGIN + (DAYS - 1) * DAY + untilMs; ) {
    const hour = Math.floor((at % DAY) / HOUR);
    if (!closesAtNight || (hour >= 6 && hour < 22)) heard.push(at);
    at += Math.max(1, Math.round(periodMinutes * (0.5 + random() / 2))) * MINUTE;
  }
  return heard;
}

/** The longest that it was ever quiet from the hour of its last request on, or from the hours beside that. */
function ownPeriod(heard: readonly number[]): number {
  const hourOf = (ms: number) => Math.floor((ms % DAY) / HOUR);
  const last = hourOf(heard.at(-1) ?? 0);
  const gaps = heard.slice(1).flatMap((at, n) => {
    const from = heard[n] ?? 0;
    const apart = Math.abs(hourOf(from) - last);
    return Math.min(apart, 24 - apart) <= 1 ? [at - from] : [];
  });
  return Math.max(...gaps);
}

const SHOPS: Shop[] = [3, 11, 45].flatMap((periodMinutes) => [
  { periodMinutes, closesAtNight: false, untilMs: 3 * HOUR },
  { periodMinutes, closesAtNight: true, untilMs: 13 * HOUR },
  { periodMinutes, closesAtNight: true, untilMs: 22 * HOUR - MINUTE },
]);

/** What a factor makes of one seed: the sources that were noticed early, and those that were not when it was time. */
async function watchedWith(factor: number, seed: number, shops = SHOPS): Promise<{ early: string[]; late: string[] }> {
  const random = seeded(seed);
  const team = await world.team();
  await updateIssueRules(team.ctx, { rules: { source_silent: { factor } } });
  const due = new Map<string, { name: string; atMs: number }>();
  for (const shop of shops) {
    const id = await team.source();
    const heard = minutesOf(shop, random);
    const row = { team_id: team.ctx.teamId, source_id: id, connection_id: "", destination_id: "", accepted_count: 1 };
    await addRollups(
      world.pool,
      heard.map((ms) => ({ ...row, bucket: new Date(ms) })),
    );
    // Of a request that was not kept the minute is known, and it is taken to have come at its end.
    const lastMs = (heard.at(-1) ?? 0) + MINUTE - 1;
    due.set(id, { name: JSON.stringify(shop), atMs: lastMs + 3 * ownPeriod(heard) });
  }
  const { log } = keepLog("error");
  const lookAt = (ms: number) =>
    watchTeams({ pool: world.pool, log, now: () => new Date(ms), dashboardUrl: "", changed: () => undefined });
  const noticed = async () => {
    const { rows } = await world.pool.query<{ subject_id: string }>(
      "select subject_id from issue where team_id = $1 and kind = 'source_silent' and state <> 'resolved'",
      [team.ctx.teamId],
    );
    return new Set(rows.map(({ subject_id }) => subject_id));
  };
  const wrong = { early: new Set<string>(), late: new Set<string>() };
  const times = [...due.values()].flatMap(({ atMs }) => [atMs - 1_000, atMs]);
  // It is looked at through all of its days too. Two nights make a rhythm of nights: the third is no silence.
  const usual = Array.from({ length: DAYS * 3 }, (_, n) => BEGIN + 8 * HOUR * (n + 1));
  for (const ms of [...usual, ...times].sort((a, b) => a - b)) {
    await lookAt(ms);
    const found = await noticed();
    for (const [id, { name, atMs }] of due) {
      if (found.has(id) && ms < atMs && ms > BEGIN + NIGHTS_KNOWN_MS) wrong.early.add(name);
      if (!found.has(id) && ms >= atMs) wrong.late.add(name);
    }
  }
  await world.pool.query("delete from team where id = $1", [team.ctx.teamId]);
  return { early: [...wrong.early], late: [...wrong.late] };
}

test.each([1, 2])("each of nine rhythms, seed %i: not a second before three periods, and then", async (seed) => {
  expect(await watchedWith(3, seed)).toEqual({ early: [], late: [] });
});

test("what notices too early, or too late, is found out", async () => {
  expect((await watchedWith(2.9, 3, SHOPS.slice(6))).early.length).toBeGreaterThan(0);
  expect((await watchedWith(3.1, 3, SHOPS.slice(6))).late.length).toBeGreaterThan(0);
});
