// `npm run soak`: a long load at a part of what the installation can do. Exit code 0 when it stays as it is, 1 when it does not.
import { parseArgs } from "node:util";
import { startInstance } from "#test/chaos/instance.ts";
import { stopOnInterrupt } from "#test/chaos/options.ts";
import { numberIn, runCommand } from "#test/support/command.ts";
import { runSoak, type SoakOutcome } from "./run-soak.ts";
import { MINUTE_MS } from "./steadiness.ts";

const USAGE = `Sends webhooks through a real installation of two gateways, two workers and a Postgres for a long time, and measures whether its memory,
its tables and its latency stay as they are.

  npm run soak -- [--minutes 30] [--part 0.6] [--rate N] [--seed N]

  --minutes  how long the load lasts
  --part     of what the installation can do, which is measured first
  --rate     requests per second, in place of measuring
  --seed     of the requests

The exit code is 0 when everything is steady, 1 when something is not, 2 when the run could not be made.`;

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string", default: "30" },
      part: { type: "string", default: "0.6" },
      rate: { type: "string" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    lengthMs: numberIn("minutes", values.minutes, 1, 24 * 60) * MINUTE_MS,
    part: numberIn("part", values.part, 0.01, 1),
    rate: values.rate === undefined ? null : numberIn("rate", values.rate, 1, 5_000),
    seed: numberIn("seed", values.seed, 0, 2 ** 31 - 1),
  };
}

type SoakOptions = NonNullable<ReturnType<typeof readOptions>>;

function reportLines({ rate, capacity, acknowledged, refused, refusedBy, delivered, findings }: SoakOutcome): string[] {
  const of = capacity === null ? "" : `, of ${capacity.toFixed(0)} measured`;
  const by = [...refusedBy].map(([status, count]) => `${count} by ${status || "no answer"}`);
  return [
    `load         ${rate} requests a second${of}; ${acknowledged.toLocaleString("en-US")} acknowledged, ${refused.toLocaleString("en-US")} refused${by.length > 0 ? ` (${by.join(", ")})` : ""}, ${delivered.toLocaleString("en-US")} deliveries arrived`,
    ...findings.map(
      ({ name, isMet, sentence }) => `${isMet ? "steady" : "BROKEN"}       ${name.padEnd(20)} ${sentence}`,
    ),
  ];
}

async function run(options: SoakOptions): Promise<number> {
  const say = (sentence: string) => console.log(sentence);
  const signal = stopOnInterrupt(say);
  await using instance = await startInstance();
  const outcome = await runSoak(instance, { ...options, say, signal });
  for (const line of reportLines(outcome)) say(line);
  return outcome.refused === 0 && outcome.findings.every(({ isMet }) => isMet) ? 0 : 1;
}

await runCommand({ usage: USAGE, brokenCode: 2, readOptions, run });
