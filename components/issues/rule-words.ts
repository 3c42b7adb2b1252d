// The sentence of each rule, with the numbers in it that can be changed, as people type them. Pure.
import { durationWords, readDuration } from "#components/resource-form/duration-words.ts";
import type { IssueKind } from "#server/contracts/issue.ts";
import type { RuleTrial, TriedKind } from "#server/contracts/rule-trial.ts";

export interface RuleNumber {
  field: string;
  label: string;
  unit: "count" | "share" | "times" | "time";
}
/** Text and numbers in turn. */
export type RuleSentence = readonly (string | RuleNumber)[];

const count = (field: string, label: string): RuleNumber => ({ field, label, unit: "count" });
const share = (label: string): RuleNumber => ({ field: "share", label, unit: "share" });

/** In the order of the table. */
export const RULES: Record<IssueKind, RuleSentence> = {
  breaker_open: ["A breaker opens"],
  connection_failing: [
    "A connection fails",
    count("failed_in_a_row", "Failed attempts in a row"),
    "times in a row, or",
    count("ended_failed", "Events failed for good in 5 min"),
    "events fail for good in 5 min",
  ],
  signature_failures: [
    "Signatures fail:",
    count("failures", "Signature failures in 5 min"),
    "in 5 min, or",
    share("Share of signature failures"),
    "of a source",
  ],
  source_silent: [
    "A source is silent for",
    { field: "factor", label: "Times its longest gap", unit: "times" },
    "times its longest gap at that time of day",
  ],
  backlog: ["The first event in line is late by", { field: "late_ms", label: "Lateness", unit: "time" }],
  transform_errors: [
    "A transformation throws:",
    count("errors", "Errors in 5 min"),
    "in 5 min, or",
    share("Share of runs that throw"),
    "of its runs",
  ],
  payload_drift: ["A payload changes a path that a rule reads"],
};

/** What each kind opens an issue for. */
export const RULE_SUBJECTS: Record<IssueKind, string> = {
  breaker_open: "per destination",
  connection_failing: "per connection",
  signature_failures: "per source",
  source_silent: "per source, learnt",
  backlog: "per destination",
  transform_errors: "per transformation",
  payload_drift: "per connection",
};

export function shownNumber({ unit }: RuleNumber, value: number): string {
  if (unit === "time") return durationWords(value);
  return unit === "share" ? `${Math.round(value * 1000) / 10} %` : String(value);
}

/** Undefined for what is no such number; whether it is within the bounds is the server's to say. */
export function readNumber({ unit }: RuleNumber, text: string): number | undefined {
  if (unit === "time") return readDuration(text);
  const number = Number(text.replace(/[%×\s]/g, "").replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(number)) return undefined;
  return unit === "share" ? number / 100 : number;
}

/** Whether a kind has numbers that can be tried on the past. */
export const isTried = (kind: IssueKind): kind is TriedKind => RULES[kind].some((part) => typeof part !== "string");

/** Empty while it is not known. */
export function trialWords(trial: Pick<RuleTrial, "opened" | "is_at_least"> | undefined): string {
  if (!trial) return "";
  const { opened, is_at_least } = trial;
  if (opened === 0) return "Would have opened nothing in the last 7 days";
  const times = opened === 1 ? "once" : `${opened} times`;
  return `Would have opened ${is_at_least ? "at least " : ""}${times} in the last 7 days`;
}
