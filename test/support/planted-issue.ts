// Open issues as the watch leaves them, for tests of what shows them.
import type { IssueEvidence, IssueSubjectKind } from "#server/contracts/issue.ts";
import { newId } from "#server/ids.ts";

interface Planted {
  evidence: IssueEvidence;
  subject: { kind: IssueSubjectKind; id: string; name: string };
  needsPerson?: boolean;
  state?: "open" | "snoozed" | "resolved";
}

/** The row of an issue, for Prisma. */
export function plantedIssue(
  teamId: string,
  at: Date,
  { evidence, subject, needsPerson = true, state = "open" }: Planted,
) {
  const bars = Array.from({ length: 30 }, (_, minute) => (minute < 18 ? 0 : minute - 10));
  return {
    team_id: teamId,
    id: newId("issue", at.getTime()),
    kind: evidence.kind,
    state,
    subject_kind: subject.kind,
    subject_id: subject.id,
    subject_name: subject.name,
    evidence,
    bars: { until: at.toISOString(), good: bars.map((bad) => (bad === 0 ? 12 : 0)), bad: bars },
    history: [{ at: at.toISOString(), what: "opened", because: null, by: null }],
    needs_person: needsPerson,
    count: 214,
    first_at: at,
    last_at: at,
    created_at: at,
    updated_at: at,
    ...(state === "resolved" && { resolved_at: at, resolved_because: "Events are delivered again." }),
  };
}

/** A source whose signatures fail. */
export const rejectingSource = (id: string, name = "s"): Planted => ({
  subject: { kind: "source", id, name },
  evidence: {
    kind: "signature_failures",
    failed_count: 214,
    accepted_count: 0,
    last_accepted_at: "2026-05-29T12:10:00.000Z",
    is_probably_rotated: true,
  },
});
