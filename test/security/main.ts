// `npm run test:security`: see options.ts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildDashboard, generateClient, PROJECT_ROOT } from "#server/start/build.ts";
import { runCommand } from "#test/support/command.ts";
import { runTwice } from "#test/support/run-twice.ts";
import { NOT_PROVEN } from "./cases.ts";
import { countByHeading, exitCodeOf, linesOf } from "./count.ts";
import { pathOf } from "./headings.ts";
import { readOptions, type SecurityOptions, USAGE } from "./options.ts";

async function run({ seed, cases, seconds, headings }: SecurityOptions): Promise<number> {
  console.log(`Seed ${seed}, ${cases} times the usual cases, ${seconds} s of fuzz.`);
  await generateClient(console.log);
  await buildDashboard(console.log);
  const directory = await mkdtemp(join(tmpdir(), "switchyard-security-"));
  try {
    const files = [...new Set(headings.flatMap(({ facts }) => Object.values(facts).flat()))].map(pathOf);
    const config = ["--config", "vitest.security.config.ts"];
    const { report, code } = await runTwice({
      directory,
      args: [...config, ...files],
      again: config,
      env: {
        SECURITY_SEED: String(seed),
        SECURITY_CASES: String(cases),
        FUZZ_SEED: String(seed),
        FUZZ_SECONDS: String(seconds),
      },
    });
    const counts = countByHeading(headings, report, `${PROJECT_ROOT}/`);
    const only = headings.length === 1 ? ` --heading "${headings[0]?.name}"` : "";
    const again = `npm run test:security -- --seed ${seed} --cases ${cases} --seconds ${seconds}${only}`;
    for (const { name } of headings)
      for (const said of NOT_PROVEN[name] ?? []) console.log(`Not proven here, ${name}: ${said}.`);
    for (const line of linesOf(counts, report.numPassedTests, again)) console.log(line);
    return exitCodeOf(counts, code);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

await runCommand({ usage: USAGE, brokenCode: 1, readOptions, run });
