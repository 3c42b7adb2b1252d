import { parseArgs } from "node:util";

export const SECTIONS = [
  "door",
  "deliveries",
  "path",
  "latency",
  "drain",
  "hanging",
  "held",
  "backlog",
  "neighbour",
  "idle",
  "pages",
  "lists",
  "graph",
  "schemes",
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
}

export const USAGE = `Measures Switchyard against bare loops on this machine and checks the bars. Exit code 1 when one is missed.

  npm run bench -- [--quick] [--only ${SECTIONS.join(",")}] [--json] [--write] [--profile directory]

Only ratios are comparable between machines and hours. The whole run takes about half an hour, --quick ten minutes.
--write puts the figures into docs/benchmarks.md.`;

export class OptionError extends Error {}

/** Undefined when only help was asked for. Throws OptionError, or what parseArgs throws. */
export function readOptions(args: string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: SECTIONS.join(",") },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      profile: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const asked = values.only.split(",").map((name) => name.trim());
  const unknown = asked.find((name) => !SECTIONS.some((section) => section === name));
  if (unknown !== undefined) {
    throw new OptionError(`--only takes ${SECTIONS.join(", ")}, separated by commas; ${unknown} is none of them.`);
  }
  return {
    sections: SECTIONS.filter((section) => asked.includes(section)),
    isQuick: values.quick,
    isJson: values.json,
    writesPage: values.write,
    profileDir: values.profile,
  };
}
