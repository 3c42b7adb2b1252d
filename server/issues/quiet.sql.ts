// Notifications with quiet hours, and the issues that moved meanwhile.
import type { IssueEvidence, IssueKind, IssueMove, IssueState } from "#server/contracts/issue.ts";
import type { StoredQuiet } from "#server/contracts/quiet-hours.ts";
import type { Queryable } from "#server/database/db.ts";

export interface QuietChannel {
  id: string;
  source_id: string;
  quiet_hours: StoredQuiet;
}

/** Whether a connection has quiet hours, or had them at an instant: what they kept back may still be to tell. @param sinceMs its place in the statement */
export const hasQuiet = (sinceMs: string) =>
  `(c.quiet_hours->>'hours' is not null or (c.quiet_hours->'cut'->>'untilMs')::float8 >= ${sinceMs}::float8)`;

/** Those that still have something to tell of after `sinceMs`. */
export async function quietChannels(db: Queryable, teamId: string, sinceMs: number): Promise<QuietChannel[]> {
  const { rows } = await db.query<QuietChannel>({
    name: "quiet-channels",
    text: `select c.id, c.source_id, c.quiet_hours from connection c join source s on s.id = c.source_id
      where c.team_id = $1 and ${hasQuiet("$2")} and c.disabled_at is null and s.is_system and s.disabled_at is null
      order by c.id`,
    values: [teamId, sinceMs],
  });
  return rows;
}

export interface MovedIssue {
  id: string;
  kind: IssueKind;
  subject_name: string;
  state: IssueState;
  evidence: IssueEvidence;
  history: IssueMove[];
}

/** The newest; a message that names more is read by nobody. */
const MAX_MOVED = 200;

/** Issues that have changed since an instant. */
export async function movedIssues(db: Queryable, teamId: string, since: Date): Promise<MovedIssue[]> {
  const { rows } = await db.query<MovedIssue>({
    name: "quiet-moved",
    text: `select id, kind, subject_name, state, evidence, history from issue
      where team_id = $1 and updated_at >= $2 order by updated_at desc limit ${MAX_MOVED}`,
    values: [teamId, since],
  });
  return rows;
}

/** The first and the last of these ids: a range beside the list spares the partitions outside of it. */
function rangeOf(ids: readonly string[]): [first: string | undefined, last: string | undefined] {
  const sorted = ids.toSorted();
  return [sorted[0], sorted.at(-1)];
}

/** Those of these requests that are there. */
export async function storedAmong(db: Queryable, teamId: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: "quiet-told",
    text: "select id from request where team_id = $1 and id = any ($2::text[]) and id between $3 and $4",
    values: [teamId, ids, ...rangeOf(ids)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Those of these ignored events that quiet hours have kept back. */
export async function keptBack(db: Queryable, teamId: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: "quiet-kept-back",
    text: `select id from ignored_event
      where team_id = $1 and id = any ($2::text[]) and id between $3 and $4 and cause = 'QUIET_HOURS'`,
    values: [teamId, ids, ...rangeOf(ids)],
  });
  return new Set(rows.map(({ id }) => id));
}
