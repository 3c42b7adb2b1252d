// `npm run bench`: what the product costs against doing less, in ratios of one run.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import type { BareSenderCalls } from "#test/bench/bare/sender.ts";
import type { BareServerCalls } from "#test/bench/bare/server.ts";
import type { LoadCalls } from "#test/bench/load/main.ts";
import type { Bench, RunSection } from "#test/bench/sections/section.ts";
import { measureAgainst } from "./against.ts";
import { writeBenchmarksPage } from "./benchmarks-page.ts";
import { startInstance } from "./instance.ts";
import { type BenchOptions, OptionError, readOptions, type Section, USAGE } from "./options.ts";
import { startRemote } from "./remote.ts";
import { type Figure, formatTable, meetsBar, type Report } from "./report.ts";

const RESULTS_DIR = join(import.meta.dirname, "..", "..", "bench-results");

/** Loaded when asked for: not every section can run on every version that is compared. */
const SECTIONS: Record<Section, () => Promise<RunSection>> = {
  backlog: async () => (await import("#test/bench/sections/backlog.ts")).measureBacklog,
  dead: async () => (await import("#test/bench/sections/dead.ts")).measureDead,
  deliveries: async () => (await import("#test/bench/sections/deliveries.ts")).measureDeliveries,
  door: async () => (await import("#test/bench/sections/door.ts")).measureDoor,
  drain: async () => (await import("#test/bench/sections/drain.ts")).measureDrain,
  "deep-drain": async () => (await import("#test/bench/sections/drain.ts")).measureDeepDrain,
  graph: async () => (await import("#test/bench/sections/graph.ts")).measureGraph,
  hanging: async () => (await import("#test/bench/sections/hanging.ts")).measureHanging,
  held: async () => (await import("#test/bench/sections/held.ts")).measureHeld,
  idle: async () => (await import("#test/bench/sections/idle.ts")).measureIdle,
  latency: async () => (await import("#test/bench/sections/latency.ts")).measureLatency,
  lists: async () => (await import("#test/bench/sections/lists.ts")).measureLists,
  neighbour: async () => (await import("#test/bench/sections/neighbour.ts")).measureNeighbour,
  pages: async () => (await import("#test/bench/sections/pages.ts")).measurePages,
  path: async () => (await import("#test/bench/sections/path.ts")).measurePath,
  upkeep: async () => (await import("#test/bench/sections/upkeep.ts")).measureUpkeep,
  schemes: async () => (await import("#test/bench/sections/schemes.ts")).measureSchemes,
  cost: async () => (await import("#test/bench/sections/cost.ts")).measureCost,
  routing: async () => (await import("#test/bench/sections/routing.ts")).measureRouting,
  "delivery-cost": async () => (await import("#test/bench/sections/delivery-cost.ts")).measureDeliveryCost,
  bytes: async () => (await import("#test/bench/sections/bytes.ts")).measureBytes,
  rates: async () => (await import("#test/bench/sections/rates.ts")).measureRates,
  memory: async () => (await import("#test/bench/sections/memory.ts")).measureMemory,
  growth: async () => (await import("#test/bench/sections/growth.ts")).measureGrowth,
  restart: async () => (await import("#test/bench/sections/restart.ts")).measureRestart,
};

const say = (sentence: string) => console.error(`bench: ${sentence}`);

async function measure({ sections, isQuick, rounds, profileDir }: BenchOptions): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stopEarly(stack));
  const instance = stack.use(await startInstance(profileDir));
  const load = stack.use(startRemote<LoadCalls>(join(import.meta.dirname, "load", "main.ts")));
  const bareServer = stack.use(startRemote<BareServerCalls>(join(import.meta.dirname, "bare", "server.ts")));
  const bareSender = stack.use(startRemote<BareSenderCalls>(join(import.meta.dirname, "bare", "sender.ts")));
  const receiverPort = await load.call("receiverPort", null);
  const bench: Bench = { instance, load, bareServer, bareSender, receiverPort, isQuick, rounds, say };
  const figures: Figure[] = [];
  for (const section of sections) {
    say(section);
    const run = await SECTIONS[section]();
    figures.push(...(await run(bench)));
    await instance.dropDatabases();
  }
  return figures;
}

/** Postgres would outlive an interrupted bench, with its directory. */
async function stopEarly(stack: AsyncDisposableStack): Promise<void> {
  process.on("unhandledRejection", () => undefined);
  await stack.disposeAsync();
  process.exit(130);
}

async function run(options: BenchOptions): Promise<number> {
  const startedAt = new Date();
  const { against } = options;
  const measured = against === undefined ? await measure(options) : await measureAgainst({ ...options, against }, say);
  const figures = measured.map((figure) => ({ ...figure, is_met: meetsBar(figure) }));
  const report: Report = {
    started_at: startedAt.toISOString(),
    is_quick: options.isQuick,
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version },
    figures,
  };
  const json = `${JSON.stringify(report, null, 2)}\n`;
  await mkdir(RESULTS_DIR, { recursive: true });
  const file = join(RESULTS_DIR, `${report.started_at.replaceAll(/[:.]/g, "-")}.json`);
  await writeFile(file, json);
  if (options.writesPage) await writeBenchmarksPage(report);
  const table = `\n${formatTable(figures)}\n\n${file}\n`;
  if (options.isJson) {
    process.stdout.write(json);
    process.stderr.write(table);
  } else process.stdout.write(table);
  return figures.some(({ is_met }) => is_met === false) ? 1 : 0;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) process.exitCode = await run(options);
  else console.log(USAGE);
} catch (error) {
  const isPlain = error instanceof OptionError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  console.error(isPlain ? `${(error as Error).message}\n\n${USAGE}` : error);
  process.exitCode = 1;
}
