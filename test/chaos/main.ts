// `npm run chaos`: see options.ts.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "#test/support/command.ts";
import { startInstance } from "./instance.ts";
import { type ChaosOptions, readOptions, stopOnInterrupt, USAGE } from "./options.ts";
import { requirePlantable } from "./planted-role.ts";
import { judgePlant } from "./plants.ts";
import { reportLines } from "./report.ts";
import { type Outcome, runChaos } from "./run-chaos.ts";

const MINUTE_MS = 60_000;

async function run(options: ChaosOptions, args: string[]): Promise<number> {
  const say = (sentence: string) => console.log(sentence);
  const { plant } = options;
  if (plant) await requirePlantable(plant);
  say(`Seed ${options.seed}.`);
  if (plant) say(`Planted: ${plant.name}. ${plant.bug}`);
  const signal = stopOnInterrupt(say);
  await using instance = await startInstance(options.database, undefined, plant);
  const outcome = await runChaos(instance, {
    ...{ ...options, lengthMs: options.minutes * MINUTE_MS, suffix: "", say, signal },
  });
  const rest = args.filter((arg, i) => !arg.startsWith("--seed") && args[i - 1] !== "--seed");
  const again = ["npm run chaos --", "--seed", String(options.seed), ...rest].join(" ");
  for (const line of reportLines(outcome, options, again)) say(line);
  if (outcome.directory !== null) await keepFacts(outcome, outcome.directory, say);
  if (outcome.failure !== undefined) {
    console.error("The run ended early:", outcome.failure);
    return 2;
  }
  if (plant) {
    const { isFound, sentence } = judgePlant(plant, outcome.verdict?.violations ?? []);
    say(sentence);
    return isFound ? 0 : 1;
  }
  return outcome.verdict?.violations.length === 0 && outcome.recoveries.late.length === 0 ? 0 : 1;
}

async function keepFacts({ verdict, faults }: Outcome, directory: string, say: (sentence: string) => void) {
  await writeFile(join(directory, "verdict.json"), JSON.stringify({ verdict, faults }));
  say(`All logs of the run are in ${directory}.`);
}

await runCommand({ usage: USAGE, brokenCode: 2, readOptions, run });
