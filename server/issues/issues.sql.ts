// Issues as they are stored, and the looks at teams.
import type { IssueEvidence, IssueKind, IssueMove, IssueState } from "#server/contracts/issue.ts";
import type { Queryable } from "#server/database/db.ts";
import { newId } from "#server/ids.ts";
import { type Finding, isoOf } from "./finding.ts";
import { type Change, type KnownIssue, withMove } from "./step.ts";

interface IssueRow {
  id: string;
  kind: IssueKind;
  subject_kind: Finding["subject"]["kind"];
  subject_id: string;
  subject_name: string;
  state: IssueState;
  count: string;
  opened_count: number;
  last_minute_count: number;
  evidence: IssueEvidence;
  history: IssueMove[];
  last_at: Date;
  snoozed_until: Date | null;
  resolved_at: Date | null;
  resolved_by: object | null;
}

export interface StoredIssue extends KnownIssue {
  issue: IssueKind;
  subject: Finding["subject"];
  subjectName: string;
  evidence: IssueEvidence;
}

/** The key under which an issue is grouped. */
export const groupOf = (issue: IssueKind, subjectId: string): string => `${issue} ${subjectId}`;

const LOAD = `
select id, kind, subject_kind, subject_id, subject_name, state, count, opened_count, last_minute_count, evidence, history, last_at,
  snoozed_until, resolved_at, resolved_by
from issue where team_id = $1 and (state <> 'resolved' or (id > $3 and resolved_at > $2::timestamptz - interval '2 hours'))
order by resolved_at nulls last for update`;
/** No issue is open for so long that its resolution would not be found by its id. */
const OLDEST_DAYS = 90;

/** The live issues of a team, and those resolved just now, by their group; locked until the end of the transaction. */
export async function loadIssues(db: Queryable, teamId: string, now: Date, oldestId: string) {
  const { rows } = await db.query<IssueRow>({ name: "issues-load", text: LOAD, values: [teamId, now, oldestId] });
  const known = new Map<string, StoredIssue>();
  for (const row of rows) {
    const group = groupOf(row.kind, row.subject_id);
    const other = known.get(group);
    // A live one counts before one that is resolved, and of those the newest.
    if (other && other.state !== "resolved") continue;
    known.set(group, toStored(row));
  }
  return known;
}
export const oldestIssueMs = (nowMs: number) => nowMs - OLDEST_DAYS * 86_400_000;

const toStored = (row: IssueRow): StoredIssue => ({
  id: row.id,
  issue: row.kind,
  subject: { kind: row.subject_kind, id: row.subject_id },
  subjectName: row.subject_name,
  evidence: row.evidence,
  state: row.state,
  count: Number(row.count),
  openedCount: row.opened_count,
  lastAtMs: row.last_at.getTime(),
  lastMinuteCount: row.last_minute_count,
  snoozedUntilMs: row.snoozed_until?.getTime() ?? null,
  resolvedAtMs: row.resolved_at?.getTime() ?? null,
  isResolvedByHand: row.resolved_by !== null,
  history: row.history,
});

const SAVE = `
insert into issue as i (team_id, id, kind, subject_kind, subject_id, subject_name, state, needs_person, count, opened_count, last_minute_count,
  evidence, bars, history, first_at, last_at, snoozed_until, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)
on conflict (team_id, id) do update set subject_name = $6, state = $7, needs_person = $8, count = $9, opened_count = $10,
  last_minute_count = $11, evidence = $12, bars = $13, history = $14, last_at = $16, snoozed_until = $17, resolved_at = null,
  resolved_because = null, resolved_by = null, updated_at = $18`;

const RESOLVE = `update issue set state = 'resolved', resolved_at = $3::timestamptz, resolved_because = $4, history = $5, snoozed_until = null, updated_at = $3
  where team_id = $1 and id = $2`;

/** Writes what a verdict has made of an issue. Returns its id. */
export async function saveChange(
  db: Queryable,
  teamId: string,
  { issue, subject }: Pick<Finding, "issue" | "subject">,
  subjectName: string,
  known: StoredIssue | null,
  change: Exclude<Change, { kind: "none" }>,
  now: Date,
): Promise<string> {
  const history = change.move ? withMove(known?.history ?? [], change.move) : (known?.history ?? []);
  if (change.kind === "resolve") {
    const id = known?.id ?? "";
    await db.query({ name: "issues-resolve", text: RESOLVE, values: [teamId, id, now, change.because, history] });
    return id;
  }
  const isNew = change.kind === "open";
  const id = isNew ? newId("issue", now.getTime()) : (known?.id ?? "");
  const state = isNew ? "open" : change.state;
  const isStillSnoozed = state === "snoozed" && known?.snoozedUntilMs != null;
  await db.query({
    name: "issues-save",
    text: SAVE,
    values: [
      teamId,
      id,
      issue,
      subject.kind,
      subject.id,
      subjectName,
      state,
      change.seen.needsPerson,
      change.count,
      isNew ? 1 : change.openedCount,
      change.lastMinuteCount,
      JSON.stringify(change.seen.evidence),
      JSON.stringify(change.seen.bars),
      history,
      new Date(isNew ? change.firstAtMs : 0),
      new Date(change.lastAtMs),
      isStillSnoozed ? isoOf(known.snoozedUntilMs ?? 0) : null,
      now,
    ],
  });
  return id;
}

// Teams of which nothing was heard lately, and that have nothing open, have nothing to look at.
const TEAMS = `
select team.id, w.heard_until, w.watched_at from team left join issue_watch w on w.team_id = team.id
where exists (select from rollup_minute m where m.team_id = team.id and m.bucket > $1::timestamptz - interval '2 hours' limit 1)
  or exists (select from issue i where i.team_id = team.id and i.state <> 'resolved')
  or exists (select from source s where s.team_id = team.id and s.is_system)
  or exists (select from source_rhythm r where r.team_id = team.id)
order by w.watched_at nulls first, team.id`;

export interface TeamToWatch {
  id: string;
  heard_until: Date | null;
  /** Of the look before. */
  watched_at: Date | null;
}
/** Those that were looked at longest ago first. */
export async function teamsToWatch(db: Queryable, now: Date): Promise<TeamToWatch[]> {
  const { rows } = await db.query<TeamToWatch>({ name: "issues-teams", text: TEAMS, values: [now] });
  return rows;
}

const NOTE = `insert into issue_watch (team_id, watched_at, heard_until) values ($1, $2::timestamptz, coalesce($3::timestamptz, $2))
  on conflict (team_id) do update set watched_at = $2, heard_until = coalesce($3, issue_watch.heard_until)`;

/** @param heardUntil null leaves it as it is */
export async function noteWatch(db: Queryable, teamId: string, now: Date, heardUntil: Date | null): Promise<void> {
  await db.query({ name: "issues-watched", text: NOTE, values: [teamId, now, heardUntil] });
}
