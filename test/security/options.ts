// The options of `npm run test:security`.
import { parseArgs } from "node:util";
import { EnvError } from "#server/env.ts";
import { integerIn } from "#test/support/command.ts";
import { HEADINGS, type Heading } from "./headings.ts";

export interface SecurityOptions {
  seed: number;
  /** Times the cases that `npm test` generates. */
  cases: number;
  /** How long each fuzz of bytes goes on. */
  seconds: number;
  headings: Heading[];
}

export const USAGE = `Runs every test of what a gateway must withstand, with more generated cases than npm test and with the long ones, and counts by
heading.

  npm run test:security -- [--seed N] [--cases 10] [--seconds 30] [--heading Egress]

  --seed     decides what is generated: the seed of a run that failed repeats it
  --cases    how many times the cases of npm test each generator makes
  --seconds  how long the door is fuzzed
  --heading  only this one, out of: ${HEADINGS.map(({ name }) => name).join("; ")}

The exit code is 0 when every file of the map ran and every test passed, else 1.`;

/** @param random decides the seed where none is given. Throws EnvError with a sentence; undefined when only help was asked for. */
export function readOptions(args: string[], random: () => number): SecurityOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string" },
      cases: { type: "string", default: "10" },
      seconds: { type: "string", default: "30" },
      heading: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const headings = HEADINGS.filter(({ name }) => values.heading === undefined || name === values.heading);
  if (headings.length === 0)
    throw new EnvError([`--heading must be one of ${HEADINGS.map(({ name }) => name).join("; ")}.`]);
  return {
    headings,
    seed: values.seed === undefined ? Math.floor(random() * 2 ** 31) : integerIn("seed", values.seed, 0, 2 ** 31 - 1),
    cases: integerIn("cases", values.cases, 1, 10_000),
    seconds: integerIn("seconds", values.seconds, 1, 3_600),
  };
}
