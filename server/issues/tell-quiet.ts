// The one message after quiet hours: what a notification was not told meanwhile. What routing kept back is the evidence; so nothing
// besides it is stored, and hours that were set or changed in between tell nothing twice.
import type { Stretch } from "#server/contracts/maintenance-times.ts";
import { endedQuiet } from "#server/contracts/quiet-times.ts";
import type { Queryable } from "#server/database/db.ts";
import { derivedId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";
import { MINUTE_MS } from "./finding.ts";
import { keptBack, type MovedIssue, movedIssues, type QuietChannel, quietChannels } from "./quiet.sql.ts";
import { quietSentence } from "./sentences.ts";
import { storeUnrouted } from "./system-events.sql.ts";
import { systemRequestId } from "./system-request.ts";
import { moveKey } from "./tell-moves.ts";

/** What came at the end of the quiet may be routed a little later. */
const SETTLED_MS = 2 * MINUTE_MS;
/** After a longer standstill of the watch it is no news. */
const LATE_MS = 12 * 60 * MINUTE_MS;

/** Tells each channel whose quiet hours are over what they kept back, once. */
export async function tellQuiet(db: Queryable, teamId: string, now: Date, dashboardUrl: string): Promise<void> {
  for (const channel of await quietChannels(db, teamId)) {
    for (const last of endedQuiet(channel.quiet_hours, now.getTime() - SETTLED_MS)) {
      if (now.getTime() - last.untilMs <= LATE_MS) await tellChannel(db, { teamId, channel, last, dashboardUrl });
    }
  }
}

interface Telling {
  teamId: string;
  channel: QuietChannel;
  last: Stretch;
  dashboardUrl: string;
}

async function tellChannel(db: Queryable, { teamId, channel, last, dashboardUrl }: Telling): Promise<void> {
  const told = { key: `quiet ${channel.id} ${last.untilMs}`, at: new Date(last.untilMs) };
  const moved = await movedIssues(db, teamId, new Date(last.fromMs));
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
