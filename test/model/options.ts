// The options of `npm run model`.
import { parseArgs } from "node:util";
import { integerIn, numberIn } from "#test/support/command.ts";

export interface ModelOptions {
  minutes: number;
  seed: number;
  commands: number;
}

export const USAGE = `Leads events through all that can become of them and compares tables, counts and API with a model after every command.

  npm run model -- [--minutes 5] [--seed N] [--commands 60]

  --minutes   how long runs are begun; the last one is ended
  --seed      of the first run; the next run has the next number. The seed of a run that failed repeats it.
  --commands  in each run

The exit code is 0 when product and model agreed in all runs, 1 when they parted, which ends it, 2 when the run could not be made.`;

/** @param random decides the seed where none is given. Throws EnvError with a sentence; undefined when only help was asked for. */
export function readOptions(args: string[], random: () => number): ModelOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string", default: "5" },
      seed: { type: "string" },
      commands: { type: "string", default: "60" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    minutes: numberIn("minutes", values.minutes, 0, 24 * 60),
    seed: values.seed === undefined ? Math.floor(random() * 1e9) : integerIn("seed", values.seed, 0, 2 ** 31 - 1),
    commands: integerIn("commands", values.commands, 1, 10_000),
  };
}
