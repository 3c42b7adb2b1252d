// `npm run model`: events led by a seed through all that can become of them, on a real gateway and worker, and compared with a model after every step.
import { makePool } from "#server/database/db.ts";
import { migrate } from "#server/database/migrate.ts";
import { runCommand } from "#test/support/command.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { API_KEY, type RoleProcess, startRolesOn } from "#test/support/system.ts";
import type { Mode } from "./event-model.ts";
import { type ModelOptions, readOptions, USAGE } from "./options.ts";
import { answerOf, nameIn } from "./product-under-model.ts";
import { runModel, type Told } from "./run-model.ts";

async function startProduct(modes: Map<string, Mode>) {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startTemporaryPostgres());
  await migrate(postgres.url);
  const roles = stack.use(await startRolesOn(postgres.url));
  const gateway = await roles.startGateway();
  let worker: RoleProcess = await roles.startWorker();
  const db = makePool(postgres.url, "model", 2);
  stack.defer(() => db.end());
  let trap: { name: string; sprung(): void } | undefined;
  const receiver = stack.use(
    await startReceiver((receipt) => {
      if (trap === undefined || nameIn(receipt.url) !== trap.name) return answerOf(modes, receipt);
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
      receipts: receiver.receipts,
      sweep: async () => {},
      killWorkerAt,
    },
    output: () => gateway.output() + worker.output(),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function run({ minutes, seed, commands }: ModelOptions): Promise<number> {
  const modes = new Map<string, Mode>();
  await using product = await startProduct(modes);
  const endMs = performance.now() + minutes * 60_000;
  const sums: Partial<Told> = {};
  let runs = 0;
  do {
    try {
      const told = await runModel(product.surroundings, modes, { seed: seed + runs, commands });
      for (const [name, count] of Object.entries(told) as [keyof Told, number][])
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

await runCommand({ usage: USAGE, brokenCode: 2, readOptions, run });
