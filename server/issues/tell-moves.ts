// The telling of moves of issues to a team's system source, in the transaction of the move itself.
import type { IssueEvidence, IssueMove } from "#server/contracts/issue.ts";
import { severityOf } from "#server/contracts/quiet-times.ts";
import type { Queryable } from "#server/database/db.ts";
import type { SubjectRow } from "./evidence.sql.ts";
import type { Finding } from "./finding.ts";
import { moveSentence } from "./sentences.ts";
import { emit, heardSource } from "./system-events.sql.ts";
import type { SystemEvent } from "./system-request.ts";

export interface ToldMove {
  id: string;
  finding: Finding;
  name: string;
  evidence: IssueEvidence;
  move: IssueMove;
}

const WORDS: Partial<Record<IssueMove["what"], string>> = {
  opened: "opened",
  opened_again: "opened",
  woken: "opened",
  resolved: "resolved",
};

/** What comes of delivering system events is not told: a receiver of them that fails would be told of it, and fail again. */
export async function tellMoves(
  db: Queryable,
  teamId: string,
  moves: readonly ToldMove[],
  subjects: ReadonlyMap<string, Pick<SubjectRow, "is_system">>,
  dashboardUrl: string,
): Promise<void> {
  const told = moves.filter(({ finding }) => subjects.get(finding.subject.id)?.is_system !== true);
  if (told.length === 0) return;
  const sourceId = await heardSource(db, teamId);
  if (sourceId === null) return;
  await emit(
    db,
    { teamId, sourceId },
    told.flatMap((move) => toEvent(move, dashboardUrl)),
  );
}

/** What tells a move of an issue from every other. */
export const moveKey = (issueId: string, { at, what }: Pick<IssueMove, "at" | "what">): string =>
  `${issueId} ${at} ${what}`;

function toEvent({ id, finding, name, evidence, move }: ToldMove, dashboardUrl: string): SystemEvent[] {
  const text = moveSentence(move, name, evidence);
  const word = WORDS[move.what];
  if (text === null || word === undefined) return [];
  const url = `${dashboardUrl}/issues?open=${id}`;
  return [
    {
      key: moveKey(id, move),
      type: `issue.${word}.${finding.issue}`,
      at: new Date(move.at),
      text: `${text} ${url}`,
      pager: { action: word === "opened" ? "trigger" : "resolve", key: id, severity: severityOf(finding.issue) },
      data: {
        issue_id: id,
        kind: finding.issue,
        move: move.what,
        subject: { ...finding.subject, name },
        evidence,
        url,
      },
    },
  ];
}
