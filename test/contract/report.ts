// What a run says.
import type { ContractOutcome, Violation } from "./run-contract.ts";
import { curlOf } from "./sent-call.ts";

const MOST_LENGTH = 2_000;
const cut = (text: string) =>
  text.length > MOST_LENGTH ? `${text.slice(0, MOST_LENGTH)}… (${text.length} characters)` : text;

export const violationLines = ({ sentences, sent, answer }: Violation, origin: string): string[] => [
  `${sent.operation?.name ?? "No operation"}: ${sentences.join(" ")}`,
  `  ${cut(curlOf(sent, origin))}`,
  `  answered ${answer.status} ${cut(answer.text)}`,
];

export function outcomeLines(
  { calls, statuses, violations, neverDone, neverRefused }: ContractOutcome,
  seed: number,
): string[] {
  const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return [
    `Seed ${seed}: ${calls} calls, ${violations.length} wrong answers.`,
    `Statuses: ${counts.join(", ")}.`,
    ...(neverDone.length > 0 ? [`Never done: ${neverDone.join(", ")}.`] : []),
    ...(neverRefused.length > 0 ? [`Never refused: ${neverRefused.join(", ")}.`] : []),
  ];
}
