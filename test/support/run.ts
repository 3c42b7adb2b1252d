// `npm test [vitest's arguments]`: builds what is stale, runs every project, looks once more at the few tests with real
// processes and browsers that failed (docs/decisions/038-second-look.md), and ends with one line of totals.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buildDashboard, generateClient, PROJECT_ROOT } from "#server/start/build.ts";
import { StartError } from "#server/start/start-error.ts";
import { readReport, runVitest } from "./run-vitest.ts";
import { countFailed, deservesSecondLook, failedFiles, joinLooks, type Report } from "./second-look.ts";

const UNIT = join(PROJECT_ROOT, "test", "unit");

/** Runs the files that failed once more, alone, and says by name what passed only then. */
async function lookAgain(first: Report, directory: string): Promise<{ code: number; totals: string }> {
  const files = failedFiles(first).map((file) => file.name);
  const reportFile = join(directory, "second.json");
  console.log(`\nA second look at ${files.map((file) => relative(PROJECT_ROOT, file)).join(", ")}`);
  const code = await runVitest(reportFile, files);
  const { passed, failed, unsteady } = joinLooks(first, await readReport(reportFile));
  for (const name of unsteady) console.log(`UNSTEADY: failed once, then passed: ${name}`);
  return { code, totals: `${passed} passed, ${failed} failed` };
}

async function runTests(args: string[]): Promise<number> {
  await generateClient(console.log);
  await buildDashboard(console.log);
  const directory = await mkdtemp(join(tmpdir(), "switchyard-report-"));
  try {
    const reportFile = join(directory, "report.json");
    const code = await runVitest(reportFile, args);
    const report = await readReport(reportFile);
    if (code === 0 || !deservesSecondLook(report, UNIT)) {
      console.log(`${report.numPassedTests} passed, ${countFailed(report)} failed`);
      return code;
    }
    const second = await lookAgain(report, directory);
    console.log(second.totals);
    return second.code;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await runTests(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}
