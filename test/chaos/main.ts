// `npm run chaos`: see options.ts.
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvError } from "#server/env.ts";
import { startInstance } from "./instance.ts";
import { type ChaosOptions, readOptions, USAGE } from "./options.ts";
import { reportLines } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

const MINUTE_MS = 60_000;

async function run(options: ChaosOptions, args: string[]): Promise<number> {
  const say = (sentence: string) => console.log(sentence);
  say(`Seed ${options.seed}.`);
  await using instance = await startInstance(options.database);
  const outcome = await runChaos(instance, {
    ...options,
    lengthMs: options.minutes * MINUTE_MS,
    suffix: "",
    say,
  });
  const rest = args.filter((arg, i) => !arg.startsWith("--seed") && args[i - 1] !== "--seed");
  const again = ["npm run chaos --", "--seed", String(options.seed), ...rest].join(" ");
  for (const line of reportLines(outcome, options, again)) say(line);
  if (outcome.failure !== undefined) {
    console.error("A fault could not be done, so the run ended early:", outcome.failure);
    return 2;
  }
  if (outcome.verdict.violations.length === 0) return 0;
  const file = join(tmpdir(), `switchyard-chaos-${options.seed}.json`);
  await writeFile(file, JSON.stringify({ verdict: outcome.verdict, ...outcome.evidence }));
  say(`All logs of the run are in ${file}.`);
  return 1;
}

const isBadOption = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");

try {
  const args = process.argv.slice(2);
  const options = readOptions(args, Math.random);
  if (options) process.exitCode = await run(options, args);
  else console.log(USAGE);
} catch (error) {
  if (error instanceof EnvError || isBadOption(error)) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error);
  process.exitCode = 2;
}
