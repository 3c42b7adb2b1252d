// The judgement of one look at a flow, and the status that it makes of the one before.
import { SwitchyardError } from "#server/sdk/switchyard.ts";
import type { DeliveryFlow, FlowCondition, FlowProblem, FlowStatus } from "./delivery-flow.ts";
import { NoKey } from "./team-of-namespace.ts";

type Said = Pick<FlowCondition, "status" | "reason" | "message">;

export interface Verdict {
  ready: Said;
  /** Left out where the look says nothing of it: it stays as it was. */
  drifted?: Said;
  /** Other fields of the status; null takes one away. */
  fields?: Omit<FlowStatus, "conditions" | "observedGeneration">;
  /** Told as an Event, besides a change of a condition. */
  news?: { reason: string; note: string };
  /** Set where another look is needed soon. */
  retry?: { atLeastMs: number };
}

const MAX_PROBLEMS = 20;
const MAX_MESSAGE_CHARS = 1_000;

const problemText = ({ path, message }: FlowProblem) => (path === "" ? message : `${path}: ${message}`);

export function invalid(problems: readonly FlowProblem[], reason = "InvalidFlow"): Verdict {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more, in status.problems)` : "";
  return {
    ready: { status: "False", reason, message: `${first ? problemText(first) : "Nothing is known."}${more}` },
    fields: { problems: problems.slice(0, MAX_PROBLEMS) },
    // What it refers to may be made by another flow in a moment.
    retry: { atLeastMs: 0 },
  };
}

/** The API tells of the file as `text.…`, and of lines that are only those of the text that was sent. */
const problemOf = ({ path, message }: FlowProblem): FlowProblem => ({
  path: path.replace(/^text\.?/, ""),
  message: message.replace(/^Line \d+, column \d+: /, ""),
});

/** The verdict of a failure that the next look may not meet. @throws what is none of the gateway's answers */
export function failed(error: unknown): Verdict {
  const retry = { atLeastMs: error instanceof SwitchyardError ? (error.retryAfterMs ?? 0) : 0 };
  if (error instanceof NoKey) return { ready: { status: "False", reason: "NoKey", message: error.message }, retry };
  if (!(error instanceof SwitchyardError)) throw error;
  const { status, message, issues } = error;
  if (status === 422 && issues.length > 0) return invalid(issues.map(problemOf));
  const isRefused = status !== null && status >= 400 && status < 500 && status !== 429;
  const reason = status === 409 ? "ChangedMeanwhile" : isRefused ? "Refused" : "GatewayUnreachable";
  return { ready: { status: isRefused ? "False" : "Unknown", reason, message }, retry };
}

function conditionOf(
  before: FlowCondition | undefined,
  type: FlowCondition["type"],
  { status, reason, message }: Said,
  observedGeneration: number,
  now: Date,
): FlowCondition {
  const lastTransitionTime =
    before?.status === status ? before.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`;
  return { type, status, reason, message: message.slice(0, MAX_MESSAGE_CHARS), observedGeneration, lastTransitionTime };
}

/** The whole status that a verdict makes; problems are those of this look alone. */
export function statusAfter({ metadata, status = {} }: DeliveryFlow, verdict: Verdict, now: Date): FlowStatus {
  const generation = metadata?.generation ?? 0;
  const was = (type: FlowCondition["type"]) => status.conditions?.find((each) => each.type === type);
  const ready = conditionOf(was("Ready"), "Ready", verdict.ready, generation, now);
  const drifted = verdict.drifted
    ? conditionOf(was("Drifted"), "Drifted", verdict.drifted, generation, now)
    : was("Drifted");
  return {
    ...status,
    problems: null,
    ...verdict.fields,
    observedGeneration: generation,
    conditions: [ready, ...(drifted ? [drifted] : [])],
  };
}

/** A status without the fields that are not set: as the cluster gives it back. */
export const withoutNulls = (status: FlowStatus): FlowStatus =>
  Object.fromEntries(Object.entries(status).filter(([, value]) => value !== null && value !== undefined));
