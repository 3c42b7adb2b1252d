// The counts of a run by heading, from vitest's report. Whatever the report lacks counts as a failure: a file that did not run
// proves nothing.
import type { Report } from "#test/support/second-look.ts";
import { type Heading, pathOf } from "./headings.ts";

export interface Count {
  name: string;
  facts: number;
  files: number;
  passed: number;
  /** A sentence per test that failed or did not run, and per file without tests. */
  problems: string[];
}

type Results = Map<string, Report["testResults"][number]>;

function problemsOf(file: string, results: Results): string[] {
  const result = results.get(file);
  if (!result) return [`${file} did not run.`];
  const tests = result.assertionResults;
  if (tests.length === 0) return [`${file} ran no test.`];
  const notPassed = tests.filter(({ status }) => status !== "passed");
  if (notPassed.length === 0 && result.status !== "passed") return [`${file} failed outside of its tests.`];
  return notPassed.map(({ status, fullName }) => `${file}: ${fullName} (${status})`);
}

/** @param root the folder that paths of the report begin with, with a slash at its end */
export function countByHeading(headings: Heading[], { testResults }: Report, root: string): Count[] {
  const results: Results = new Map(testResults.map((result) => [result.name.replace(root, ""), result]));
  return headings.map(({ name, facts }) => {
    const files = [...new Set(Object.values(facts).flat())].map(pathOf);
    const tests = files.flatMap((file) => results.get(file)?.assertionResults ?? []);
    return {
      name,
      facts: Object.keys(facts).length,
      files: files.length,
      passed: tests.filter(({ status }) => status === "passed").length,
      problems: files.flatMap((file) => problemsOf(file, results)),
    };
  });
}

/** The counts as lines of a table, then what is wrong, then one line of totals. */
export function linesOf(counts: Count[], totalPassed: number, again: string): string[] {
  const width = Math.max(...counts.map(({ name }) => name.length));
  const cell = (count: number, unit: string) => `${String(count).padStart(6)} ${unit}`;
  const rows = counts.map(
    ({ name, facts, files, passed, problems }) =>
      `${name.padEnd(width)}${cell(facts, "facts")}${cell(files, "files")}${cell(passed, "passed")}${cell(problems.length, "failed")}`,
  );
  const problems = [...new Set(counts.flatMap((count) => count.problems))];
  return [...rows, ...problems, `${totalPassed} passed, ${problems.length} failed. Once more the same: ${again}`];
}

/** @param vitestCode says of errors outside of every test, which no file of the report tells */
export const exitCodeOf = (counts: Count[], vitestCode: number): number =>
  vitestCode !== 0 || counts.some(({ problems }) => problems.length > 0) ? 1 : 0;
