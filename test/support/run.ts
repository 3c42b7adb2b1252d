// `npm test [vitest's arguments]`: builds what is stale, runs every project, looks once more at the few tests with real
// processes and browsers that failed, and ends with one line of totals.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildDashboard, generateClient } from "#server/start/build.ts";
import { StartError } from "#server/start/start-error.ts";
import { runTwice } from "./run-twice.ts";
import { countFailed } from "./second-look.ts";

async function runTests(args: string[]): Promise<number> {
  await generateClient(console.log);
  await buildDashboard(console.log);
  const directory = await mkdtemp(join(tmpdir(), "switchyard-report-"));
  try {
    const { report, code } = await runTwice({ directory, args });
    console.log(`${report.numPassedTests} passed, ${countFailed(report)} failed`);
    return code;
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
