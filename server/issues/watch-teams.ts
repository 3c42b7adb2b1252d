// The watch: once a minute it looks at each team of which something was heard, those that waited longest first. A look has
// a bound of time, so no team takes another's; one that fails is noted, and goes to the end.
import type { Pool } from "#server/database/db.ts";
import type { Log } from "#server/process/log.ts";
import { feedTeam } from "./feed-team.ts";
import { inBounds } from "./in-bounds.ts";
import { noteWatch, type TeamToWatch, teamsToWatch } from "./issues.sql.ts";
import { readDrift } from "./read-drift.ts";
import { tellQuiet } from "./tell-quiet.ts";
import { watchTeam } from "./watch-team.ts";

export interface WatchTools {
  pool: Pool;
  log: Log;
  now: () => Date;
  /** Where people find an issue, without a trailing slash. */
  dashboardUrl: string;
  /** Tells open pages. */
  changed: (teamId: string) => void;
}

/** The next run is due after a minute. Teams that were not reached are the first then. */
const RUN_MS = 50_000;
/** Under way at a time: a slow team leaves room for others. */
const AT_ONCE = 2;

export async function watchTeams(tools: WatchTools): Promise<void> {
  const startedMs = performance.now();
  const waiting = await teamsToWatch(tools.pool, tools.now());
  const work = async () => {
    for (let team = waiting.shift(); team; team = waiting.shift()) {
      if (performance.now() - startedMs > RUN_MS) return;
      await watchOne(tools, team);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function watchOne({ pool, log, now, changed, dashboardUrl }: WatchTools, team: TeamToWatch): Promise<void> {
  try {
    const drifts = await readDrift(pool, team.id, now()).catch((err: Error) => {
      log.warn({ err, team_id: team.id }, "The shapes of a team's payloads could not be looked at");
      return [];
    });
    if (await watchTeam(pool, team, { now: now(), dashboardUrl, drifts })) changed(team.id);
  } catch (error) {
    log.warn({ err: error, team_id: team.id }, "A team's issues could not be looked at");
    // Where not even that can be written, it is the first again.
    await inBounds(pool, (db) => noteWatch(db, team.id, now(), null)).catch(() => undefined);
  }
  await inBounds(pool, (db) => tellQuiet(db, { ...team, dashboardUrl }, now())).catch((err: Error) =>
    log.warn({ err, team_id: team.id }, "What quiet hours kept back could not be told"),
  );
  await feedTeam(pool, team.id, now()).catch((err: Error) =>
    log.warn({ err, team_id: team.id }, "What happened in a team could not be told"),
  );
}
