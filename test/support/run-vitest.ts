// Vitest as a child process, with a report that is counted afterwards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { childEnv } from "#server/env.ts";
import { COMPILE_CACHE_DIR, PROJECT_ROOT } from "#server/start/build.ts";
import type { Report } from "./second-look.ts";

const VITEST = join(PROJECT_ROOT, "node_modules", "vitest", "vitest.mjs");

/** Runs it with `args`, writes its JSON report to `reportFile`, and resolves to its exit code. @param env variables besides those of this process */
export async function runVitest(reportFile: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [VITEST, "run", ...reporters, ...args], {
    cwd: PROJECT_ROOT,
    // The roles that tests start by the dozen load what is compiled already, as those of `npm start` do.
    env: childEnv({ NEXT_TELEMETRY_DISABLED: "1", NODE_COMPILE_CACHE: COMPILE_CACHE_DIR, ...env }),
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

export async function readReport(file: string): Promise<Report> {
  return JSON.parse(await readFile(file, "utf8")) as Report;
}
