import { newId } from "#server/ids.ts";

/** The row of an open issue of a source, for Prisma. */
export const plantedIssue = (teamId: string, sourceId: string, at: Date) => ({
  team_id: teamId,
  id: newId("issue", at.getTime()),
  kind: "signature_failures",
  state: "open",
  subject_kind: "source",
  subject_id: sourceId,
  subject_name: "s",
  evidence: {
    kind: "signature_failures",
    failed_count: 9,
    accepted_count: 0,
    last_accepted_at: null,
    is_probably_rotated: false,
  },
  bars: { until: at.toISOString(), good: [], bad: [] },
  history: [],
  needs_person: true,
  first_at: at,
  last_at: at,
  created_at: at,
  updated_at: at,
});
