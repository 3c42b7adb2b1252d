// Two versions in turns: this one, and the one of a git ref with this bench laid over it. Each round runs the sections once on each,
// there and back, with a Postgres of its own, so that the machine's drift meets both.
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { checkOutVersion, runIn } from "#test/support/other-version.ts";
import type { BenchOptions } from "./options.ts";
import { type Figure, listRounds, type Report } from "./report.ts";
import { median } from "./statistics.ts";

const DEFAULT_ROUNDS = 6;

interface Against extends BenchOptions {
  against: string;
}

/** Each figure of this version as a multiple of the other's, the median of the rounds. */
export async function measureAgainst(options: Against, say: (sentence: string) => void): Promise<Figure[]> {
  say(`making ${options.against} ready`);
  const other = await makeReady(options.against);
  try {
    const rounds: { ours: Figure[]; theirs: Figure[] }[] = [];
    for (let round = 0; round < (options.rounds ?? DEFAULT_ROUNDS); round++) {
      say(`round ${round + 1}`);
      const isOursFirst = round % 2 === 0;
      const first = await measureOnce(isOursFirst ? PROJECT_ROOT : other, options);
      const second = await measureOnce(isOursFirst ? other : PROJECT_ROOT, options);
      rounds.push(isOursFirst ? { ours: first, theirs: second } : { ours: second, theirs: first });
    }
    return compare(rounds);
  } finally {
    await rm(other, { recursive: true, force: true });
  }
}

/** A directory with the code of a ref and the bench of today. */
async function makeReady(ref: string): Promise<string> {
  const dir = await checkOutVersion(ref, "bench");
  for (const part of ["bench", "support"]) {
    await rm(join(dir, "test", part), { recursive: true, force: true });
    await cp(join(PROJECT_ROOT, "test", part), join(dir, "test", part), { recursive: true });
  }
  return dir;
}

async function measureOnce(dir: string, { sections, isQuick }: BenchOptions): Promise<Figure[]> {
  const args = ["--only", sections.join(","), "--rounds", "1", "--json", ...(isQuick ? ["--quick"] : [])];
  // A bar that is missed ends a run with 1, and its figures are there all the same.
  const { stdout } = await runIn(dir, process.execPath, "test/bench/main.ts", ...args).catch((error) => {
    if (error.code === 1 && error.stdout) return error as { stdout: string };
    throw new Error(`The bench failed in ${dir}: ${error.stderr ?? error.message}`);
  });
  return (JSON.parse(stdout) as Report).figures;
}

/** Pure. */
export function compare(rounds: readonly { ours: readonly Figure[]; theirs: readonly Figure[] }[]): Figure[] {
  return (rounds[0]?.ours ?? []).map((first): Figure => {
    const valueIn = (figures: readonly Figure[]) =>
      figures.find(({ section, name }) => section === first.section && name === first.name)?.value ?? Number.NaN;
    const ours = rounds.map((round) => valueIn(round.ours));
    const theirs = rounds.map((round) => valueIn(round.theirs));
    const ratios = ours.map((value, i) => value / (theirs[i] ?? Number.NaN));
    const unit = first.unit === "ratio" ? "" : ` ${first.unit}`;
    return {
      ...{ section: first.section, name: `${first.name}, this version / the other`, unit: "ratio", bar: null },
      value: median(ratios),
      detail: `${median(ours).toFixed(2)}${unit} against ${median(theirs).toFixed(2)}${unit}; ${listRounds(ratios)}`,
    };
  });
}
