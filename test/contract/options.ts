// The options of `npm run contract`.
import { parseArgs } from "node:util";
import { integerIn, numberIn } from "#test/support/command.ts";

export interface RunOptions {
  minutes: number;
  seed: number;
  /** Calls with something wrong, for each operation in each round. */
  wrongCalls: number;
}

export const USAGE = `Calls every operation of the API as its own OpenAPI document describes it, rightly and wrongly, and holds each answer against
the document: no 5xx, no status and no shape that is not listed, nothing of another team, no secret.

  npm run contract -- [--minutes 5] [--seed N] [--wrong 20]

  --minutes  how long calls are sent; a round that has begun is ended
  --seed     decides every call: the seed of a run that failed repeats it
  --wrong    calls with something wrong for each operation, in each round

A gateway, a worker and a Postgres run on loopback in a directory of their own, which is removed at the end. The exit code is 0 when all
answers were right and every operation was done and refused at least once, 1 when not, 2 when the run could not be made.`;

/** @param random decides the seed where none is given. Throws EnvError with a sentence; undefined when only help was asked for. */
export function readOptions(args: string[], random: () => number): RunOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string", default: "5" },
      seed: { type: "string" },
      wrong: { type: "string", default: "20" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    minutes: numberIn("minutes", values.minutes, 0, 24 * 60),
    seed: values.seed === undefined ? Math.floor(random() * 1e9) : integerIn("seed", values.seed, 0, 2 ** 31 - 1),
    wrongCalls: integerIn("wrong", values.wrong, 1, 10_000),
  };
}
