// `npm run test:upgrade`: older versions with their rows and their traffic, brought to this one.
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { EnvError } from "#server/env.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { reportLines } from "#test/chaos/report.ts";
import { integerIn, numberIn, runCommand } from "#test/support/command.ts";
import { checkOutVersion } from "#test/support/other-version.ts";
import { runUpgrade, type UpgradeOutcome } from "./run-upgrade.ts";
import { findVersions, MODES, type Mode } from "./versions.ts";

const USAGE = `Starts older versions from the history of this repository, each with a Postgres, a door, a worker and signed traffic, and brings
them to this one under load: side by side (the old one runs on while the new one migrates), and in one start after the old one ended.
Those outside then check that nothing acknowledged is lost or arrives twice, that no door refused, that the charts count what the
lists hold, and that all that the old version told by its API is told by the new one.

  npm run test:upgrade -- [--from REF,REF] [--one-start] [--rolling] [--rate 40] [--seconds 10] [--seed N]

  --from       tags or commits; without it all released versions, the last one in both ways and those before in one start. Before there is
               one: the state before the last migration, and a much older one
  --rolling    only side by side
  --one-start  only one after the other
  --rate       requests per second
  --seconds    how long the old one runs alone, both together, and the new one alone, each
  --seed       of the requests

It needs git with the history, and npm's registry where the packages of a version were others. The exit code is 0 when everything holds,
1 when something does not, 2 when a run could not be made.`;

interface Options {
  from: string[] | undefined;
  modes: readonly Mode[];
  rate: number;
  stageMs: number;
  seed: number;
}

function readOptions(args: string[], random: () => number): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: "string" },
      rolling: { type: "boolean", default: false },
      "one-start": { type: "boolean", default: false },
      rate: { type: "string", default: "40" },
      seconds: { type: "string", default: "10" },
      seed: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const from = values.from?.split(",").filter((ref) => ref !== "");
  if (from?.length === 0) throw new EnvError(["--from names no version."]);
  const isBoth = values.rolling === values["one-start"];
  return {
    from,
    modes: isBoth ? MODES : [values.rolling ? "rolling" : "one-start"],
    rate: numberIn("rate", values.rate, 1, 1_000),
    stageMs: numberIn("seconds", values.seconds, 1, 3_600) * 1_000,
    seed: values.seed === undefined ? Math.floor(random() * 2 ** 31) : integerIn("seed", values.seed, 0, 2 ** 31 - 1),
  };
}

const say = (sentence: string) => console.log(sentence);
const SHOWN = 20;

/** What does not hold, a sentence each. A door that is away between two versions refuses connections, and nothing else. */
function problemsOf({ run, findings }: UpgradeOutcome, mode: Mode): string[] {
  const { totals, verdict, failure } = run;
  const violations = verdict?.violations.length ?? 0;
  return [
    ...(totals.refused > 0 ? [`${totals.refused} requests were refused.`] : []),
    ...(mode === "rolling" && totals.unanswered > 0 ? [`${totals.unanswered} requests had no answer.`] : []),
    ...(totals.acknowledged === 0 ? ["Nothing was acknowledged."] : []),
    ...(violations > 0 ? [`Invariants are broken in ${violations} places, as said above.`] : []),
    ...(failure === undefined ? [] : [String(failure)]),
    ...findings,
  ];
}

async function run({ from, modes, ...options }: Options): Promise<number> {
  let broken = 0;
  for (const { ref, name, ...older } of await findVersions(from)) {
    say(`\nFrom ${name}: making it ready.`);
    const dir = await checkOutVersion(ref, "upgrade");
    try {
      for (const mode of modes.filter((one) => older.modes.includes(one))) {
        say(`\n${name}, ${mode === "rolling" ? "side by side" : "in one start"}, seed ${options.seed}`);
        const outcome = await runUpgrade({
          ...options,
          ...{
            from: { name, dir },
            to: { name: "this version", dir: PROJECT_ROOT },
            isRolling: mode === "rolling",
            say,
          },
        });
        const again = `npm run test:upgrade -- --from ${ref} --${mode} --rate ${options.rate} --seconds ${options.stageMs / 1_000} --seed ${options.seed}`;
        for (const line of reportLines(outcome.run, options, again)) say(line);
        say(
          `start        ${(outcome.startMs / 1_000).toFixed(1)} s; ${/applied .*/.exec(outcome.migrated)?.[0] ?? "applied no migration"}`,
        );
        say(`told         ${outcome.rows} rows of ${outcome.lists} lists, compared between both versions`);
        const problems = problemsOf(outcome, mode);
        for (const problem of problems.slice(0, SHOWN)) say(`BROKEN       ${problem}`);
        say(problems.length === 0 ? "holds        everything" : `${problems.length} do not hold`);
        broken += problems.length;
      }
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
  return broken === 0 ? 0 : 1;
}

await runCommand({ usage: USAGE, brokenCode: 2, readOptions, run });
