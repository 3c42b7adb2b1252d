// The one message after quiet hours: what a notification was not told meanwhile. What routing kept back is the evidence; so nothing
// besides it is stored, and hours that were set or changed in between tell nothing twice.
import type { Stretch } from "#server/contracts/maintenance-times.ts";
import { endedQuiet } from "#server/contracts/quiet-times.ts";
import type { Queryable } from "#server/database/db.ts";
import { derivedId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";
import { MINUTE_MS } from "./finding.ts";
import type { TeamToWatch } from "./issues.sql.ts";
import { keptBack, type MovedIssue, movedIssues, type QuietChannel, quietChannels, storedAmong } from "./quiet.sql.ts";
import { quietSentence } from "./sentences.ts";
import { storeUnrouted } from "./system-events.sql.ts";
import { systemRequestId } from "./system-request.ts";
import { moveKey } from "./tell-moves.ts";

/** What came at the end of the quiet may be routed a little later. */
const SETTLED_MS = 2 * MINUTE_MS;
/** After a longer standstill of the watch it is no news. */
export const LATE_MS = 12 * 60 * MINUTE_MS;
/** What was over for so long at the look before was asked for, often enough even where a few looks failed. */
const AGAIN_MS = 30 * MINUTE_MS;

interface Team extends Pick<TeamToWatch, "id" | "watched_at"> {
  dashboardUrl: string;
}
/** Quiet that is over, and what tells of it. */
interface Ending {
  channel: QuietChannel;
  last: Stretch;
  told: { key: string; at: Date };
}

/** Tells each channel whose quiet hours are over what they kept back, once. */
export async function tellQuiet(db: Queryable, team: Team, now: Date): Promise<void> {
  const sinceMs = Math.max(now.getTime() - LATE_MS, (team.watched_at?.getTime() ?? 0) - AGAIN_MS);
  const endings = (await quietChannels(db, team.id, sinceMs)).flatMap((channel) =>
    endedQuiet(channel.quiet_hours, now.getTime() - SETTLED_MS)
      .filter(({ untilMs }) => untilMs >= sinceMs)
      .map((last): Ending => {
        const { untilMs } = last;
        return { channel, last, told: { key: `quiet ${channel.id} ${untilMs}`, at: new Date(untilMs) } };
      }),
  );
  if (endings.length === 0) return;
  const idOf = ({ told }: Ending) => systemRequestId(team.id, told);
  const known = await storedAmong(db, team.id, endings.map(idOf));
  const untold = endings.filter((ending) => !known.has(idOf(ending)));
  if (untold.length === 0) return;
  const moved = await movedIssues(db, team.id, new Date(Math.min(...untold.map(({ last }) => last.fromMs))));
  for (const ending of untold) await tellChannel(db, team, ending, moved);
}

async function tellChannel(
  db: Queryable,
  { id: teamId, dashboardUrl }: Team,
  { channel, last, told }: Ending,
  moved: readonly MovedIssue[],
): Promise<void> {
  const moves = moved.flatMap((issue) =>
    issue.history
      .filter(({ at }) => Date.parse(at) >= last.fromMs && Date.parse(at) < last.untilMs)
      .map((move) => {
        const requestId = systemRequestId(teamId, { key: moveKey(issue.id, move), at: new Date(move.at) });
        return { issue, ignoredId: derivedId("ignored_event", requestId, channel.id) };
      }),
  );
  const ids = moves.map(({ ignoredId }) => ignoredId);
  const held = ids.length === 0 ? new Set<string>() : await keptBack(db, teamId, ids);
  const count = moves.filter(({ ignoredId }) => held.has(ignoredId)).length;
  if (count === 0) return;
  const issues = [...new Set(moves.filter(({ ignoredId }) => held.has(ignoredId)).map(({ issue }) => issue))];
  const url = `${dashboardUrl}/issues`;
  const requestId = await storeUnrouted(
    db,
    { teamId, sourceId: channel.source_id },
    {
      ...told,
      type: "issue.kept_back",
      text: `${quietSentence(count, issues)} ${url}`,
      data: { kind: "quiet_hours", kept_back_count: count, issues: issues.map(dataOf), url },
    },
  );
  if (requestId === null) return;
  const ask = { teamId, requestId, connectionIds: [channel.id], isForced: true };
  await db.query(addJobStatement("reroute-request", ask));
}

const dataOf = ({ id, kind, state, subject_name }: MovedIssue) => ({ issue_id: id, kind, state, name: subject_name });
