// One look at one team: its evidence is read, judged, and what follows is written, in one transaction with a bound of time.
import { wholeRules } from "#server/contracts/issue-rules.ts";
import type { Pool, Queryable } from "#server/database/db.ts";
import { lowestId } from "#server/ids.ts";
import { detect, type Known, liveOf, type TeamEvidence } from "./detect.ts";
import {
  type BranchRow,
  type BreakerRow,
  branchMinutes,
  type DoorRow,
  doorMinutes,
  heardMinutes,
  issueRules,
  type LineRow,
  lastRequest,
  lines,
  openBreakers,
  type SubjectRow,
  subjects,
} from "./evidence.sql.ts";
import { DAY_MS, MINUTE_MS } from "./finding.ts";
import { inBounds } from "./in-bounds.ts";
import { groupOf, loadIssues, noteWatch, oldestIssueMs, saveChange, type TeamToWatch } from "./issues.sql.ts";
import type { DriftEvidence } from "./read-drift.ts";
import { loadRhythms, saveRhythms } from "./rhythm.sql.ts";
import { learnRhythm, periodOf, type Rhythm } from "./source-silent.ts";
import { stepIssue } from "./step.ts";
import { type ToldMove, tellMoves } from "./tell-moves.ts";

/** Of sources that were never heard by the watch, so far back. */
const FIRST_LOOK_MS = DAY_MS;
/** Sources whose last request is looked up to the millisecond, in one look. Of more the minute is known. */
const MAX_EXACT = 100;

interface Look {
  now: Date;
  /** Without a trailing slash. */
  dashboardUrl: string;
  /** Read beforehand: it may take long, and fail by itself. */
  drifts: readonly DriftEvidence[];
}

/** @returns whether anything of its issues changed */
export async function watchTeam(
  pool: Pool,
  { id: teamId, heard_until }: TeamToWatch,
  { now, dashboardUrl, drifts }: Look,
): Promise<boolean> {
  return inBounds(pool, async (client) => {
    const known = await loadIssues(client, teamId, now, lowestId("issue", oldestIssueMs(now.getTime())));
    const rhythms = await learn(client, teamId, heard_until, now);
    const evidence = { ...(await readEvidence(client, teamId, known, rhythms, now)), drifts };
    const told: ToldMove[] = [];
    let isChanged = false;
    for (const finding of detect(evidence, known, now)) {
      const before = known.get(groupOf(finding.issue, finding.subject.id)) ?? null;
      const change = stepIssue(before, finding.verdict, now.getTime());
      if (change.kind === "none") continue;
      const name = evidence.subjects.get(finding.subject.id)?.name ?? before?.subjectName ?? finding.subject.id;
      const id = await saveChange(client, teamId, finding, name, before, change, now);
      isChanged = true;
      const seen = change.kind === "resolve" ? before?.evidence : change.seen.evidence;
      if (change.move && seen) told.push({ id, finding, name, evidence: seen, move: change.move });
    }
    told.push(...endedByHand(known, heard_until));
    await tellMoves(client, teamId, told, evidence.subjects, dashboardUrl);
    return isChanged;
  });
}

/** Those ended by a person since the last look; a minute before it too, since telling twice makes one. */
function endedByHand(known: Known, lastLookAt: Date | null): ToldMove[] {
  if (lastLookAt === null) return [];
  const sinceMs = lastLookAt.getTime() - MINUTE_MS;
  return [...known.values()].flatMap(({ id, issue, subject, subjectName, evidence, history, ...ended }) => {
    const move = history.at(-1);
    if (!ended.isResolvedByHand || move?.what !== "resolved" || (ended.resolvedAtMs ?? 0) < sinceMs) return [];
    const verdict = { kind: "over", because: move.because ?? "" } as const;
    return [{ id, finding: { issue, subject, verdict }, name: subjectName, evidence, move }];
  });
}

/** Learns what was heard since the last look. The minute that runs, and the one before, may still get more: they are looked at again. */
async function learn(
  db: Queryable,
  teamId: string,
  heardUntil: Date | null,
  now: Date,
): Promise<ReadonlyMap<string, Rhythm>> {
  const rhythms = await loadRhythms(db, teamId);
  const after = Math.max(heardUntil?.getTime() ?? 0, now.getTime() - FIRST_LOOK_MS) - 2 * MINUTE_MS;
  const { rows } = await db.query<{ source_id: string; minutes: number[] }>(heardMinutes(teamId, new Date(after), now));
  const learnt = new Map<string, Rhythm>();
  for (const { source_id, minutes } of rows) {
    const known = rhythms.get(source_id) ?? null;
    const sorted = minutes.filter((minute) => minute > (known?.heardAtMs ?? 0)).sort((a, b) => a - b);
    const rhythm = sorted.length === 0 ? null : learnRhythm(known, sorted, now.getTime());
    if (rhythm) learnt.set(source_id, rhythm);
  }
  await saveRhythms(db, teamId, learnt);
  await noteWatch(db, teamId, now, now);
  return new Map([...rhythms, ...learnt]);
}

async function readEvidence(
  db: Queryable,
  teamId: string,
  known: Known,
  rhythms: ReadonlyMap<string, Rhythm>,
  now: Date,
): Promise<Omit<TeamEvidence, "drifts">> {
  const live = [...known.values()].filter(({ state }) => state !== "resolved");
  const liveSources = live.filter(({ subject }) => subject.kind === "source").map(({ subject }) => subject.id);
  // Those of a transformation are named in its evidence.
  const liveConnections = live.flatMap(({ subject, evidence }) => {
    if (evidence.kind === "transform_errors") return evidence.connection_ids;
    return subject.kind === "connection" ? [subject.id] : [];
  });
  const liveDestinations = live.filter(({ issue }) => issue === "breaker_open").map(({ subject }) => subject.id);
  const all = await db.query<SubjectRow>(subjects(teamId));
  const branches = await db.query<BranchRow>(branchMinutes(teamId, now, liveConnections));
  const doors = await db.query<DoorRow>(doorMinutes(teamId, now, liveSources));
  const waiting = await db.query<LineRow>(lines(teamId, now));
  const breakers = await db.query<BreakerRow>(openBreakers(teamId, liveDestinations));
  const rules = await db.query<{ rules: object }>(issueRules(teamId));
  return {
    rules: wholeRules(rules.rows[0]?.rules ?? {}),
    subjects: new Map(all.rows.map((row) => [row.id, row])),
    branches: branches.rows,
    doors: doors.rows,
    lines: waiting.rows,
    breakers: breakers.rows,
    quiet: await readQuiet(db, teamId, known, rhythms, now),
  };
}

/** Sources that have been quiet for about as long as makes them silent, or that are said to be silent. */
async function readQuiet(
  db: Queryable,
  teamId: string,
  known: Known,
  rhythms: ReadonlyMap<string, Rhythm>,
  now: Date,
): Promise<TeamEvidence["quiet"]> {
  const quiet: { sourceId: string; rhythm: Rhythm; lastRequestMs: number }[] = [];
  for (const [sourceId, rhythm] of rhythms) {
    const period = periodOf(rhythm)?.periodMs;
    const isOpen = liveOf(known, "source_silent", sourceId) !== null;
    const isLong = period !== undefined && now.getTime() - rhythm.heardAtMs >= 2 * period;
    if (!isLong && !isOpen) continue;
    const isExact = quiet.length < MAX_EXACT;
    const lastMs = isExact ? await lastRequestMs(db, teamId, sourceId, rhythm) : endOfMinute(rhythm);
    quiet.push({ sourceId, rhythm, lastRequestMs: lastMs });
  }
  return quiet;
}

const endOfMinute = ({ heardAtMs }: Pick<Rhythm, "heardAtMs">) => heardAtMs + MINUTE_MS - 1;

/** The rollup knows the minute. Rows that were not kept are taken to have come at its end. */
async function lastRequestMs(db: Queryable, teamId: string, sourceId: string, { heardAtMs }: Rhythm): Promise<number> {
  const [from, to] = [lowestId("request", heardAtMs), lowestId("request", heardAtMs + MINUTE_MS)];
  const { rows } = await db.query<{ at: Date | null }>(lastRequest(teamId, sourceId, from, to));
  return rows[0]?.at?.getTime() ?? endOfMinute({ heardAtMs });
}
