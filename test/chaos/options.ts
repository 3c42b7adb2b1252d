// The options of `npm run chaos`.
import { parseArgs } from "node:util";
import { EnvError } from "#server/env.ts";
import { numberIn } from "#test/support/command.ts";
import { DATABASE_KINDS, type DatabaseKind } from "./database.ts";
import { ALL_KINDS, type FaultKind, isFaultKind, needOf } from "./fault-kinds.ts";
import { PLANTS, type Plant } from "./plants.ts";
import type { Fault } from "./schedule.ts";

export interface ChaosOptions {
  minutes: number;
  seed: number;
  paceMs: number;
  /** Requests per second. */
  rate: number;
  kinds: FaultKind[];
  database: DatabaseKind;
  /** The bug that the roles have. */
  plant: Plant | null;
  /** The faults that show it; null where others were asked for. */
  script: readonly Fault[] | null;
}

const PLANT_LINES = PLANTS.map(
  ({ name, bug, invariants }) => `    ${name.padEnd(20)} ${bug} (${invariants.join(", ")})`,
);

export const USAGE = `Breaks a real installation of two gateways, two workers and a Postgres by a schedule, under load, and checks from outside that
nothing acknowledged is lost.

  npm run chaos -- [--minutes 5] [--seed N] [--rate 60] [--pace 3] [--faults worker-kill,pause] [--database one] [--long]
  npm run chaos -- --plant no-fencing

  --minutes  how long requests are sent; the run then waits for what is left of them
  --seed     decides which faults come when: the seed of a run that failed repeats its schedule
  --rate     requests per second; each makes one to four events
  --pace     seconds from one fault to the next, on average
  --faults   only these kinds, out of: ${ALL_KINDS.join(" ")}
  --database one: as npm start brings it; pair: a primary whose commits wait for its standby, with fail-over; small-disk: on a
             disk of 700 MiB in memory that fills up, which only root may mount
  --long     also what lasts for minutes: a worker frozen for 90 s, a Postgres for up to two minutes, a transaction of ten
  --plant    plants a bug in gateways and workers as they load their sources, which stay as they are, and asks whether the checker
             finds it. Faults and minutes are those that show it, unless others are given. The bugs, and the invariants that break:
${PLANT_LINES.join("\n")}

The first interrupt (Ctrl-C) ends the load, and what was sent is judged; the second one ends everything.
Everything runs on loopback in a directory of its own, which is removed at the end. The exit code is 0 when all invariants hold, 1 when
one is broken or something took too long to come back, 2 when the run could not be made. With --plant it is 0 when one of the
invariants of the bug is reported broken, 1 when none is, 2 when the bug could not be planted or the run not be made.`;

function kindsOf(text: string | undefined, database: DatabaseKind, isLong: boolean): FaultKind[] {
  const has = (kind: FaultKind) => [undefined, database, ...(isLong ? ["long"] : [])].includes(needOf(kind));
  if (text === undefined) return ALL_KINDS.filter(has);
  const names = text.split(",").filter((name) => name !== "");
  const unknown = names.filter((name) => !isFaultKind(name));
  if (unknown.length > 0)
    throw new EnvError([`--faults: nobody knows ${unknown.join(", ")}. Choose of ${ALL_KINDS.join(", ")}.`]);
  const kinds = names.filter(isFaultKind);
  const impossible = kinds.filter((kind) => !has(kind));
  if (impossible.length > 0)
    throw new EnvError([
      `--faults: ${impossible.join(", ")} cannot be done to --database ${database}${isLong ? "" : " without --long"}.`,
    ]);
  return kinds;
}

function databaseOf(text: string): DatabaseKind {
  const kind = DATABASE_KINDS.find((name) => name === text);
  if (!kind) throw new EnvError([`--database must be one of ${DATABASE_KINDS.join(", ")}.`]);
  return kind;
}

function plantOf(name: string | undefined): Plant | null {
  if (name === undefined) return null;
  const plant = PLANTS.find((one) => one.name === name);
  if (!plant) throw new EnvError([`--plant must be one of ${PLANTS.map((one) => one.name).join(", ")}.`]);
  return plant;
}

/** @param random decides the seed where none is given. Throws EnvError with a sentence; undefined when only help was asked for. */
export function readOptions(args: string[], random: () => number): ChaosOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      rate: { type: "string", default: "60" },
      pace: { type: "string" },
      faults: { type: "string" },
      database: { type: "string", default: "one" },
      long: { type: "boolean", default: false },
      plant: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const database = databaseOf(values.database);
  const plant = plantOf(values.plant);
  const isScripted = values.faults === undefined && values.pace === undefined && !values.long;
  return {
    database,
    plant,
    script: plant && isScripted ? plant.script : null,
    minutes: numberIn("minutes", values.minutes ?? String(plant?.minutes ?? 5), 0.2, 24 * 60),
    seed: values.seed === undefined ? Math.floor(random() * 1e9) : numberIn("seed", values.seed, 0, 2 ** 31 - 1),
    rate: numberIn("rate", values.rate, 1, 5_000),
    paceMs: numberIn("pace", values.pace ?? "3", 0.2, 600) * 1_000,
    kinds: kindsOf(values.faults, database, values.long),
  };
}

/** The first interrupt ends the load, the second one everything. */
export function stopOnInterrupt(say: (sentence: string) => void): AbortSignal {
  const stopping = new AbortController();
  process.on("SIGINT", () => {
    if (stopping.signal.aborted) process.exit(130);
    say("Nothing more is sent or broken; what was sent is judged now. Interrupt again to leave at once.");
    stopping.abort();
  });
  return stopping.signal;
}
