// Vitest with a second look at the few tests of whole processes that failed (docs/decisions/038-second-look.md).
import { join, relative } from "node:path";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { readReport, runVitest } from "./run-vitest.ts";
import { deservesSecondLook, failedFiles, joinLooks, type Report } from "./second-look.ts";

const UNIT = join(PROJECT_ROOT, "test", "unit");

export interface TwoLooks {
  /** Of both: each file as it was seen last. */
  report: Report;
  /** Vitest's last exit code. */
  code: number;
}

export interface TwiceOptions {
  /** For the reports. */
  directory: string;
  /** Vitest's arguments at the first look. */
  args: string[];
  /** Those at the second, before the files that failed. */
  again?: string[];
  env?: Record<string, string>;
}

/** Runs vitest, and the files that failed once more, alone. Says by name what passed only then. */
export async function runTwice({ directory, args, again = [], env = {} }: TwiceOptions): Promise<TwoLooks> {
  const firstFile = join(directory, "first.json");
  const code = await runVitest(firstFile, args, env);
  const report = await readReport(firstFile);
  if (code === 0 || !deservesSecondLook(report, UNIT)) return { report, code };
  const files = failedFiles(report).map((file) => file.name);
  console.log(`\nA second look at ${files.map((file) => relative(PROJECT_ROOT, file)).join(", ")}`);
  const secondFile = join(directory, "second.json");
  const secondCode = await runVitest(secondFile, [...again, ...files], env);
  const joined = joinLooks(report, await readReport(secondFile));
  for (const name of joined.unsteady) console.log(`UNSTEADY: failed once, then passed: ${name}`);
  return { report: joined.report, code: secondCode };
}
