// Whether a dead receiver was left alone, judged by the tries that it saw.

/** A try as its receiver saw it. */
export interface Try {
  atMs: number;
  isProbe: boolean;
}
export interface ProbeRules {
  /** Failures in a row that open the breaker. */
  failures: number;
  /** Tries that may be on the wire by then. */
  concurrency: number;
  /** From the opening to the first probe. The wait doubles with each that fails. */
  probeMinMs: number;
  probeMaxMs: number;
}
export interface ProbePace {
  tries: number;
  probes: number;
  /** Undefined where it was left alone as promised. */
  wrong: string | undefined;
}

/** How much earlier than its wait a probe may be seen: tries take differently long to arrive. */
const EARLY = 0.98;

/** @param seen all tries at one receiver that answered none of them well, in order */
export function judgeProbes(seen: readonly Try[], rules: ProbeRules): ProbePace {
  const tries = seen.filter(({ isProbe }) => !isProbe);
  const probes = seen.filter(({ isProbe }) => isProbe);
  return { tries: tries.length, probes: probes.length, wrong: whatIsWrong(tries, probes, rules) };
}

function whatIsWrong(tries: Try[], probes: Try[], rules: ProbeRules): string | undefined {
  const most = rules.failures + rules.concurrency - 1;
  if (tries.length > most) return `${tries.length} tries that were no probes`;
  // The breaker opened later than it was sent the last failure that it took.
  const [opening, first] = [tries[rules.failures - 1], probes[0]];
  if (!first) return undefined;
  if (!opening) return `a probe after ${tries.length} tries`;
  const waits = probes.map(({ atMs }, index) => atMs - (probes[index - 1] ?? opening).atMs);
  const early = waits.findIndex((wait, failed) => wait < waitAfter(failed, rules) * EARLY);
  return early < 0 ? undefined : `probe ${early + 1} after ${Math.round(waits[early] ?? 0)} ms`;
}

const waitAfter = (failedProbes: number, { probeMinMs, probeMaxMs }: ProbeRules) =>
  Math.min(probeMaxMs, probeMinMs * 2 ** failedProbes);
