// What a run prints at its end.
import { INVARIANTS } from "./check.ts";
import type { Sent } from "./logs.ts";
import type { Outcome, RunOptions } from "./run-chaos.ts";

const SHOWN = 5;

/** The longest time without an acknowledged answer, while requests were sent, and when it began. */
function longestGap(sent: readonly Sent[]): { ms: number; fromMs: number } {
  const times = sent.filter(({ requestId }) => requestId !== null).map(({ answeredAtMs }) => answeredAtMs);
  times.sort((a, b) => a - b);
  let longest = { ms: 0, fromMs: times[0] ?? 0 };
  for (const [i, time] of times.entries()) {
    const fromMs = times[i - 1] ?? time;
    if (time - fromMs > longest.ms) longest = { ms: time - fromMs, fromMs };
  }
  return longest;
}

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);

export interface Totals {
  sent: number;
  acknowledged: number;
  /** Answered, with something else than 2xx. */
  refused: number;
  unanswered: number;
  /** Events of acknowledged requests. */
  events: number;
  delivered: number;
  /** The events that ended otherwise, or wait, by status. */
  others: Map<string, number>;
  receipts: number;
  repeats: number;
  faults: number;
  longestGap: { ms: number; fromMs: number };
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

export function totalsOf({ evidence, verdict }: Outcome): Totals {
  const { sent, receipts, faults, told } = evidence;
  const acknowledged = new Set(sent.flatMap(({ requestId }) => requestId ?? []));
  const events = [...told.ours.events, ...told.theirs.events].filter(({ requestId }) => acknowledged.has(requestId));
  return {
    sent: sent.length,
    acknowledged: acknowledged.size,
    refused: sent.filter(({ status }) => status !== 0 && (status < 200 || status > 299)).length,
    unanswered: sent.filter(({ status }) => status === 0).length,
    events: events.length,
    delivered: events.filter(({ status }) => status === "DELIVERED").length,
    others: countBy(events.flatMap(({ status }) => (status === "DELIVERED" ? [] : status))),
    receipts: receipts.length,
    repeats: [...verdict.repeatsByCause.values()].reduce((sum, count) => sum + count, 0),
    faults: faults.length,
    longestGap: longestGap(sent),
  };
}

const byCount = (counts: Map<string, number>) =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ") || "none";

const number = (value: number) => value.toLocaleString("en-US");

/** Lines for people; the last one says how to have the same run again. */
export function reportLines(outcome: Outcome, options: Pick<RunOptions, "seed">, again: string): string[] {
  const totals = totalsOf(outcome);
  const { verdict, evidence } = outcome;
  const kinds = countBy(evidence.faults.map(({ kind }) => kind));
  const found = Map.groupBy(verdict.violations, ({ invariant }) => invariant);
  return [
    `requests     ${number(totals.sent)} sent, ${number(totals.acknowledged)} acknowledged, ${number(totals.refused)} refused, ${number(totals.unanswered)} without an answer`,
    `events       ${number(totals.events)} of acknowledged requests, ${number(totals.delivered)} delivered${totals.others.size > 0 ? `, ${byCount(totals.others)}` : ""}; ${number(totals.receipts)} deliveries arrived`,
    `repeats      ${number(totals.repeats)}, by what explains them: ${byCount(verdict.repeatsByCause)}`,
    `faults       ${totals.faults}: ${byCount(kinds)}`,
    `door         ${number(totals.longestGap.ms)} ms without an acknowledgement at the longest, from ${clock(totals.longestGap.fromMs)} on`,
    `drained      ${(outcome.drainMs / 1_000).toFixed(1)} s after the last request, with the reading of all lists`,
    ...(verdict.excusedQuiet > 0
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
    ...Object.entries(INVARIANTS).flatMap(([name, sentence]) => {
      const broken = found.get(Number(name)) ?? [];
      const shown = broken.slice(0, SHOWN).map((one) => `    ${one.sentence}`);
      const rest = broken.length > SHOWN ? [`    … and ${broken.length - SHOWN} more.`] : [];
      const verdictText = broken.length === 0 ? "holds " : "BROKEN";
      return [`${verdictText} ${name.padStart(2)}  ${sentence}`, ...shown, ...rest];
    }),
    `seed         ${options.seed}; again: ${again}`,
  ];
}
