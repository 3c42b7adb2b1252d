// What a run prints at its end.
import { INVARIANTS, type Verdict } from "./check.ts";
import type { Outcome, RunOptions } from "./run-chaos.ts";

const SHOWN = 5;

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const byCount = (counts: Map<string, number>) =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ") || "none";

const number = (value: number) => value.toLocaleString("en-US");

/** Lines for people; the last one says how to have the same run again. */
export function reportLines(outcome: Outcome, options: Pick<RunOptions, "seed">, again: string): string[] {
  const { totals, verdict, recoveries } = outcome;
  const repeats = verdict?.repeatsByCause ?? new Map<string, number>();
  const kinds = countBy(outcome.faults.map(({ kind }) => kind));
  return [
    `requests     ${number(totals.sent)} sent, ${number(totals.acknowledged)} acknowledged, ${number(totals.refused)} refused, ${number(totals.unanswered)} without an answer`,
    `events       ${number(totals.events)} of acknowledged requests, ${number(totals.delivered)} delivered${totals.others.size > 0 ? `, ${byCount(totals.others)}` : ""}; ${number(totals.receipts)} deliveries arrived`,
    `repeats      ${number(sumOf(repeats))}, by what explains them: ${byCount(repeats)}`,
    `faults       ${outcome.faults.length}: ${byCount(kinds)}`,
    `door         ${number(totals.longestGap.ms)} ms without an acknowledgement at the longest, from ${clock(totals.longestGap.fromMs)} on`,
    `recovery     ${recoveries.slowest.map(({ kind, ms, to }) => `${number(ms)} ms to ${to} at the longest (${kind})`).join(", ")}`,
    ...recoveries.late.slice(0, SHOWN).map((sentence) => `LATE         ${sentence}`),
    `drained      ${seconds(outcome.drainMs)} s after the last request; all lists were read ${seconds(outcome.readMs)} s later`,
    ...(verdict && verdict.excusedQuiet > 0
      ? [`paused       ${verdict.excusedQuiet} deliveries by a worker that was cut off and could not know`]
      : []),
    ...(outcome.complaints.size > 0
      ? [
          `logged       ${[...outcome.complaints]
            .map(([told, count]) => `${count} × ${told}`)
            .slice(0, SHOWN)
            .join("; ")}`,
        ]
      : []),
    ...(verdict ? verdictLines(verdict) : ["NO VERDICT   the API could not be read to the end"]),
    `seed         ${options.seed}; again: ${again}`,
  ];
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1);
const sumOf = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

function verdictLines({ violations }: Verdict): string[] {
  const found = Map.groupBy(violations, ({ invariant }) => invariant);
  return Object.entries(INVARIANTS).flatMap(([name, sentence]) => {
    const broken = found.get(Number(name)) ?? [];
    const shown = broken.slice(0, SHOWN).map((one) => `    ${one.sentence}`);
    const rest = broken.length > SHOWN ? [`    … and ${broken.length - SHOWN} more.`] : [];
    const verdictText = broken.length === 0 ? "holds " : "BROKEN";
    return [`${verdictText} ${name.padStart(2)}  ${sentence}`, ...shown, ...rest];
  });
}
