// `npm test [vitest's arguments]`: builds what is stale, runs every project, and ends with one line of totals.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnv } from "#server/env.ts";
import { buildDashboard, generateClient, PROJECT_ROOT } from "#server/start/build.ts";
import { StartError } from "#server/start/start-error.ts";

/** The part of vitest's JSON report that is counted. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

const VITEST = join(PROJECT_ROOT, "node_modules", "vitest", "vitest.mjs");

async function runVitest(reportFile: string, args: string[]): Promise<number> {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [VITEST, "run", ...reporters, ...args], {
    cwd: PROJECT_ROOT,
    env: childEnv({ NEXT_TELEMETRY_DISABLED: "1" }),
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

/** A file that could not even be loaded has no tests to fail, so it counts as one failure itself. */
function countTotals(report: Report): string {
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return `${report.numPassedTests} passed, ${report.numFailedTests + unloaded.length} failed`;
}

async function runTests(args: string[]): Promise<number> {
  await generateClient(console.log);
  await buildDashboard(console.log);
  const directory = await mkdtemp(join(tmpdir(), "switchyard-report-"));
  try {
    const reportFile = join(directory, "report.json");
    const code = await runVitest(reportFile, args);
    console.log(countTotals(JSON.parse(await readFile(reportFile, "utf8")) as Report));
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
