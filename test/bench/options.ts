import { parseArgs } from "node:util";

export const SECTIONS = [
  "door",
  "deliveries",
  "path",
  "latency",
  "drain",
  "deep-drain",
  "hanging",
  "dead",
  "held",
  "backlog",
  "neighbour",
  "upkeep",
  "idle",
  "pages",
  "lists",
  "graph",
  "schemes",
  "cost",
  "routing",
  "delivery-cost",
  "bytes",
  "rates",
  "memory",
  "restart",
  "growth",
] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchOptions {
  sections: Section[];
  isQuick: boolean;
  /** The JSON goes to stdout too, and everything else to stderr. */
  isJson: boolean;
  /** The figures replace those in docs/benchmarks.md. */
  writesPage: boolean;
  /** A directory for CPU profiles of the gateways and workers. */
  profileDir: string | undefined;
  /** How often each section measures that takes it. */
  rounds: number | undefined;
  /** A git ref: its version is measured in turns with this one. */
  against: string | undefined;
}

/** They store millions of rows or last for a quarter of an hour and more: only where they are named. */
const UNASKED: Section[] = ["growth", "deep-drain", "dead", "upkeep"];
/** What is compared with another version where no sections are named. */
const COMPARED: Section[] = ["cost", "rates", "memory", "restart"];

export const USAGE = `Measures Switchyard against bare loops on this machine and checks the bars. Exit code 1 when one is missed.

  npm run bench -- [--quick] [--only ${SECTIONS.join(",")}] [--json] [--write] [--profile directory]
                   [--rounds number] [--against git-ref]

Only ratios are comparable between machines and hours. The whole run takes about half an hour, --quick ten minutes.
--write puts the figures into docs/benchmarks.md, and draws the curves of growth, which runs where --only names it and takes an hour. --against measures ${COMPARED.join(", ")}, or what --only names, in turns on this
version and on that of the ref.`;

export class OptionError extends Error {}

/** Undefined when only help was asked for. Throws OptionError, or what parseArgs throws. */
export function readOptions(args: string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      profile: { type: "string" },
      rounds: { type: "string" },
      against: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const {
    only = (values.against === undefined ? SECTIONS.filter((section) => !UNASKED.includes(section)) : COMPARED).join(
      ",",
    ),
  } = values;
  const asked = only.split(",").map((name) => name.trim());
  const unknown = asked.find((name) => !SECTIONS.some((section) => section === name));
  if (unknown !== undefined) {
    throw new OptionError(`--only takes ${SECTIONS.join(", ")}, separated by commas; ${unknown} is none of them.`);
  }
  if (values.rounds !== undefined && !/^[1-9]\d?$/.test(values.rounds)) {
    throw new OptionError(`--rounds takes a number from 1 to 99; ${values.rounds} is none.`);
  }
  return {
    sections: SECTIONS.filter((section) => asked.includes(section)),
    isQuick: values.quick,
    isJson: values.json,
    writesPage: values.write,
    profileDir: values.profile,
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    against: values.against,
  };
}
