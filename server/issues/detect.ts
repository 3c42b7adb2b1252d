// All that detectors say of a team, from what was read of it. Pure.
import type { IssueKind } from "#server/contracts/issue.ts";
import type { IssueRules } from "#server/contracts/issue-rules.ts";
import { readBreaker } from "#server/events/breaker-record.ts";
import { judgeBacklog } from "./backlog.ts";
import { judgeBreaker } from "./breaker-open.ts";
import { judgeConnection } from "./connection-failing.ts";
import type { BranchRow, BreakerRow, DoorRow, LineRow, SubjectRow } from "./evidence.sql.ts";
import { barsOf, type Finding, type Subject } from "./finding.ts";
import { groupOf, type StoredIssue } from "./issues.sql.ts";
import { judgeDrift } from "./payload-drift.ts";
import type { DriftEvidence } from "./read-drift.ts";
import { judgeSignatures } from "./signature-failures.ts";
import { judgeSilence, type Rhythm } from "./source-silent.ts";
import { judgeTransformation, type TransformMinute } from "./transform-errors.ts";

export interface TeamEvidence {
  rules: IssueRules;
  subjects: ReadonlyMap<string, SubjectRow>;
  branches: readonly BranchRow[];
  doors: readonly DoorRow[];
  lines: readonly LineRow[];
  breakers: readonly BreakerRow[];
  /** Of connections whose rules read bodies; empty between two looks. */
  drifts: readonly DriftEvidence[];
  /** Of sources that may be silent, with the time of their last request. */
  quiet: readonly { sourceId: string; rhythm: Rhythm; lastRequestMs: number }[];
}
export type Known = ReadonlyMap<string, StoredIssue>;

/** The live issue of a kind and subject, if any. */
export function liveOf(known: Known, issue: IssueKind, subjectId: string): StoredIssue | null {
  const found = known.get(groupOf(issue, subjectId));
  return found && found.state !== "resolved" ? found : null;
}

const finding = (issue: IssueKind, subject: Subject, verdict: Finding["verdict"]): Finding => ({
  issue,
  subject,
  verdict,
});

function connections({ branches, subjects, rules }: TeamEvidence, known: Known, nowMs: number): Finding[] {
  return [...Map.groupBy(branches, ({ connection_id }) => connection_id)].map(([id, rows]) => {
    const minutes = rows.map(({ bucket, ...counts }) => ({ atMs: bucket.getTime(), ...counts }));
    const live = liveOf(known, "connection_failing", id);
    const destinationId = subjects.get(id)?.destination_id ?? "";
    const verdict = judgeConnection(minutes, destinationId, rules.connection_failing, live?.lastAtMs ?? null, nowMs);
    return finding("connection_failing", { kind: "connection", id }, verdict);
  });
}

/** Connections share transformations, so their minutes are added up. */
function transformations({ branches, subjects, rules: team }: TeamEvidence, known: Known, nowMs: number): Finding[] {
  const uses = new Map<string, string[]>();
  for (const { kind, id, rules } of subjects.values()) {
    const used = kind === "connection" ? rules?.find(({ type }) => type === "transform")?.transformation_id : undefined;
    if (used !== undefined) uses.set(used, [...(uses.get(used) ?? []), id]);
  }
  const byConnection = Map.groupBy(branches, ({ connection_id }) => connection_id);
  return [...uses].flatMap(([id, connectionIds]) => {
    const code = subjects.get(id);
    const live = liveOf(known, "transform_errors", id);
    const rows = connectionIds.flatMap((connectionId) => byConnection.get(connectionId) ?? []);
    if (!code || (!live && rows.every(({ transform_errors }) => transform_errors === 0))) return [];
    const version = { version: code.version ?? 1, savedAtMs: code.saved_at?.getTime() ?? 0, connectionIds };
    const verdict = judgeTransformation(addUp(rows), version, team.transform_errors, live?.lastAtMs ?? null, nowMs);
    return [finding("transform_errors", { kind: "transformation", id }, verdict)];
  });
}

function addUp(rows: readonly BranchRow[]): TransformMinute[] {
  const minutes = new Map<number, TransformMinute>();
  for (const { bucket, transform_errors, runs } of rows) {
    const atMs = bucket.getTime();
    const minute = minutes.get(atMs) ?? { atMs, errors: 0, runs: 0 };
    minutes.set(atMs, { atMs, errors: minute.errors + transform_errors, runs: minute.runs + runs });
  }
  return [...minutes.values()].sort((a, b) => a.atMs - b.atMs);
}

function signatures({ doors, rules }: TeamEvidence, known: Known, nowMs: number): Finding[] {
  return [...Map.groupBy(doors, ({ source_id }) => source_id)].map(([id, rows]) => {
    const minutes = rows.map(({ bucket, accepted, signature_failures }) => ({
      atMs: bucket.getTime(),
      accepted,
      signatureFailures: signature_failures,
    }));
    const live = liveOf(known, "signature_failures", id);
    const verdict = judgeSignatures(minutes, rules.signature_failures, live?.lastAtMs ?? null, nowMs);
    return finding("signature_failures", { kind: "source", id }, verdict);
  });
}

function backlogs({ lines, rules }: TeamEvidence, known: Known, nowMs: number): Finding[] {
  return lines.map(({ destination_id: id, first_due_at, waiting, depths }) => {
    const sampled = depths.map(([atMs, depth]) => ({ atMs, depth }));
    const line = {
      firstDueAtMs: first_due_at?.getTime() ?? null,
      waiting,
      bars: barsOf(sampled, nowMs, { good: () => 0, bad: ({ depth }) => depth }),
    };
    const verdict = judgeBacklog(line, rules.backlog, liveOf(known, "backlog", id) !== null, nowMs);
    return finding("backlog", { kind: "destination", id }, verdict);
  });
}

const breakers = (evidence: TeamEvidence, known: Known, nowMs: number): Finding[] =>
  evidence.breakers.map(({ destination_id: id, breaker, settings, holds, held_count }) => {
    const reading = readBreaker(breaker, settings ?? undefined, { holds, nowMs });
    const isLive = liveOf(known, "breaker_open", id) !== null;
    return finding("breaker_open", { kind: "destination", id }, judgeBreaker(reading, held_count, isLive, nowMs));
  });

/** A source whose signatures fail is heard, and its owner is told so already. */
const silences = ({ quiet, rules }: TeamEvidence, known: Known, nowMs: number): Finding[] =>
  quiet.flatMap(({ sourceId: id, rhythm, lastRequestMs }) => {
    const isOpen = liveOf(known, "source_silent", id) !== null;
    if (!isOpen && liveOf(known, "signature_failures", id) !== null) return [];
    const verdict = judgeSilence(rhythm, rules.source_silent, lastRequestMs, isOpen, nowMs);
    return finding("source_silent", { kind: "source", id }, verdict);
  });

const drifted = ({ drifts }: TeamEvidence, known: Known, nowMs: number): Finding[] =>
  drifts.map(({ connectionId: id, paths, shapes }) => {
    const verdict = judgeDrift(paths, shapes, liveOf(known, "payload_drift", id) !== null, nowMs);
    return finding("payload_drift", { kind: "connection", id }, verdict);
  });

/** What is open and of which nothing was read any more: its subject is gone or off, or there is nothing left in its line. */
function unseen({ subjects, rules }: TeamEvidence, known: Known, seen: ReadonlySet<string>): Finding[] {
  return [...known.values()].flatMap(({ issue, subject, state }) => {
    if (state === "resolved") return [];
    const found = subjects.get(subject.id);
    const over = (because: string) => [finding(issue, subject, { kind: "over", because })];
    if (!found) return over(`The ${subject.kind} was deleted.`);
    if (found.is_off) return over(`The ${subject.kind} was disabled.`);
    if (!rules[issue].is_watched) return over("The rule was switched off.");
    if (rules[issue].muted_ids.includes(subject.id)) return over("The rule was muted for it.");
    if (issue === "backlog" && !seen.has(groupOf(issue, subject.id))) return over("Nothing waits any more.");
    return [];
  });
}

/** Of what is deleted, disabled or not watched, nothing is said but that. */
export function detect(evidence: TeamEvidence, known: Known, now: Date): Finding[] {
  const nowMs = now.getTime();
  const found = [connections, transformations, signatures, backlogs, breakers, silences, drifted].flatMap((each) =>
    each(evidence, known, nowMs),
  );
  const isWatched = ({ issue, subject }: Finding) =>
    evidence.rules[issue].is_watched && !evidence.rules[issue].muted_ids.includes(subject.id);
  const standing = found.filter((one) => evidence.subjects.get(one.subject.id)?.is_off === false && isWatched(one));
  const seen = new Set(standing.map(({ issue, subject }) => groupOf(issue, subject.id)));
  return [...standing, ...unseen(evidence, known, seen)];
}
