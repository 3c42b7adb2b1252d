// `npm run model`: events led by a seed through all that can become of them, on a real gateway and worker, and compared with a model after every step.
import { parseArgs } from "node:util";
import pg from "pg";
import { migrate } from "#server/database/migrate.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { API_KEY, type RoleProcess, startRolesOn } from "#test/support/system.ts";
import type { Counts, Mode } from "./event-model.ts";
import { answerOf, nameIn } from "./product-under-model.ts";
import { runModel } from "./run-model.ts";

const USAGE = `Leads events through all that can become of them and compares tables, counts and API with a model after every command.

  npm run model -- [--minutes 5] [--seed N] [--commands 60]

  --minutes   how long runs are begun; the last one is ended
  --seed      of the first run; the next run has the next number. The seed of a run that failed repeats it.
  --commands  in each run

The exit code is 0 when product and model agreed in all runs, 1 when they parted, which ends it.`;

async function startProduct(modes: Map<string, Mode>) {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startTemporaryPostgres());
  await migrate(postgres.url);
  const roles = stack.use(await startRolesOn(postgres.url));
  const gateway = await roles.startGateway();
  let worker: RoleProcess = await roles.startWorker();
  const db = new pg.Pool({ connectionString: postgres.url, max: 2 });
  stack.defer(() => db.end());
  let trap: { name: string; sprung(): void } | undefined;
  const receiver = stack.use(
    await startReceiver(({ url }) => {
      if (trap === undefined || nameIn(url) !== trap.name) return answerOf(modes, url);
      trap.sprung();
      trap = undefined;
      return "hang";
    }),
  );
  async function killWorkerAt(name: string) {
    const { promise, resolve } = Promise.withResolvers<void>();
    trap = { name, sprung: () => resolve(worker.kill()) };
    await promise;
    worker = await roles.startWorker();
  }
  const started = stack.move();
  return {
    surroundings: {
      db,
      origin: gateway.url,
      key: API_KEY,
      receiverUrl: receiver.url,
      sweep: async () => {},
      killWorkerAt,
    },
    output: () => gateway.output() + worker.output(),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function run({ minutes, seed, commands }: { minutes: number; seed: number; commands: number }): Promise<number> {
  const modes = new Map<string, Mode>();
  await using product = await startProduct(modes);
  const endMs = performance.now() + minutes * 60_000;
  const sums: Partial<Counts> = {};
  let runs = 0;
  do {
    try {
      const counts = await runModel(product.surroundings, modes, { seed: seed + runs, commands });
      for (const [name, count] of Object.entries(counts) as [keyof Counts, number][])
        sums[name] = (sums[name] ?? 0) + count;
    } catch (error) {
      console.error(error);
      console.error(product.output().slice(-3_000));
      return 1;
    }
    runs++;
  } while (performance.now() < endMs);
  console.log(
    `Seeds ${seed} to ${seed + runs - 1}: ${runs * commands} commands, after each of which product and model agreed.`,
  );
  console.log(
    Object.entries(sums)
      .map(([name, count]) => `${name}: ${count}`)
      .join(", "),
  );
  return 0;
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string" },
    commands: { type: "string", default: "60" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(USAGE);
else
  process.exitCode = await run({
    minutes: Number(values.minutes),
    seed: Number(values.seed ?? Math.floor(Math.random() * 1e9)),
    commands: Number(values.commands),
  });
