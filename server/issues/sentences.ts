// The sentences of an issue for those who do not see its page: names and counts, nothing of a payload.
import type { IssueEvidence, IssueMove, IssueState } from "#server/contracts/issue.ts";

const minutes = (ms: number) => `${Math.max(1, Math.round(ms / 60_000))} min`;

const MAX_TYPE = 100;
/** An event type is the sender's: in a chat it must neither mention anybody nor make a link. */
const plainType = (type: string) => `\`${type.replace(/[^\w.:/ -]+/g, "…").slice(0, MAX_TYPE)}\``;

/** A sentence without its full stop. */
function issueSentence(name: string, evidence: IssueEvidence): string {
  switch (evidence.kind) {
    case "connection_failing":
      return `Connection ${name} fails: ${evidence.failed_attempts} attempts since its last delivery`;
    case "transform_errors":
      return `Transformation ${name} v${evidence.version} throws: ${evidence.errors} of ${evidence.requests} requests in an hour`;
    case "breaker_open":
      return `The breaker of ${name} is open (${evidence.because}), ${evidence.held_count} events are held`;
    case "backlog":
      return `${name} falls behind: its first event in line is ${minutes(evidence.late_ms)} late, ${evidence.waiting_count} wait`;
    case "signature_failures":
      return `Signatures of ${name} fail: ${evidence.failed_count} of ${evidence.failed_count + evidence.accepted_count} requests${evidence.is_probably_rotated ? ", probably a rotated secret" : ""}`;
    case "source_silent":
      return `${name} is silent since ${evidence.heard_at.slice(11, 16)} UTC; it is usually quiet for ${minutes(evidence.period_ms)} at most`;
    case "payload_drift":
      return `${evidence.event_type === null ? "A payload" : plainType(evidence.event_type)} changed its shape: ${evidence.paths.length} paths that ${name} reads are missing`;
  }
}

interface Moved {
  subject_name: string;
  state: IssueState;
  evidence: IssueEvidence;
}

/** Of more, their number is said. */
const MAX_NAMED = 10;

/** What quiet hours have kept back, with how each issue stands by now. */
export function quietSentence(count: number, issues: readonly Moved[]): string {
  const said = (wanted: readonly Moved[]) => {
    const named = wanted.slice(0, MAX_NAMED).map((each) => issueSentence(each.subject_name, each.evidence));
    return [...named, ...(wanted.length > MAX_NAMED ? [`${wanted.length - MAX_NAMED} more`] : [])].join("; ");
  };
  const [open, over] = [false, true].map((isOver) => issues.filter(({ state }) => (state === "resolved") === isOver));
  const parts = [
    `${count === 1 ? "One message was" : `${count} messages were`} kept back in quiet hours.`,
    open && open.length > 0 ? `Still so: ${said(open)}.` : "",
    over && over.length > 0 ? `Over: ${said(over)}.` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

const WORDS: Partial<Record<IssueMove["what"], string>> = {
  opened: "",
  opened_again: "Again: ",
  woken: "Still: ",
  resolved: "Over: ",
};

/** The text of a move that is told; null for one that is not. */
export function moveSentence(move: IssueMove, name: string, evidence: IssueEvidence): string | null {
  const word = WORDS[move.what];
  return word === undefined ? null : `${word}${issueSentence(name, evidence)}.`;
}
