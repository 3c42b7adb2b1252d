// A run: commands that a seed chooses, and after each the tables, the counts and the API hold what the model says.
import { deepStrictEqual } from "node:assert";
import type { Queryable } from "#server/database/db.ts";
import { findMiscounted } from "#test/support/branch-counts.ts";
import { seeded } from "#test/support/seeded.ts";
import { type Choices, COMMANDS } from "./commands.ts";
import { type Counts, type Mode, type Model, makeModel } from "./event-model.ts";
import { checkPayloads } from "./payload-checks.ts";
import { type ProductUnderModel, type Surroundings, startUnderModel } from "./product-under-model.ts";

export interface ModelRun {
  seed: number;
  commands: number;
}

/** What a run has led to. */
export type Told = Counts & { masked: number; erased: number; gone: number };

/** Sooner than the product applies masks by itself. */
const MASKS_WAIT_MS = 90_000;

const SUMS = `select coalesce(sum(event_count), 0)::int as events, coalesce(sum(attempt_count), 0)::int as attempts,
  coalesce(sum(delivered_count), 0)::int as delivered, coalesce(sum(failed_count), 0)::int as failed,
  coalesce(sum(retrying_count), 0)::int as retrying, coalesce(sum(hold_count), 0)::int as held,
  coalesce(sum(cancelled_count), 0)::int as cancelled
  from rollup_minute where source_id = $1`;

const choicesOf = (random: () => number): Choices => {
  const below = (count: number) => Math.floor(random() * count);
  return { below, pick: (of) => of[below(of.length)] as (typeof of)[number] };
};

async function check(db: Queryable, product: ProductUnderModel, model: Model, turn: number) {
  const { wanted, counts } = await product.agree(model);
  deepStrictEqual(
    JSON.stringify(await product.eventsBySource()),
    wanted,
    "The list of events says something else than the table.",
  );
  const { rows } = await db.query<Counts>(SUMS, [product.sourceId]);
  deepStrictEqual({ ...rows[0] }, counts, "The counts of minutes are not those of the model.");
  deepStrictEqual(await findMiscounted(db, product.sourceId), [], "The counts of branches are not those of the rows.");
  deepStrictEqual(
    await product.lostCounts(),
    product.expectedLost(),
    "The counts of minutes are not those of the rows that are there and of those that have gone.",
  );
  await checkPayloads(db, product, model, turn);
}

/** Leaves nothing to be sent: it would keep the day of the next run. */
async function end(product: ProductUnderModel, model: Model) {
  for (const connection of [...model.connections]) {
    await product.ask("DELETE", `/connections/${connection.id}`);
    model.remove(connection);
  }
  await product.mask("team", []);
}

/** @throws Error with the commands that led to it, where the product and the model part */
export async function runModel(
  surroundings: Surroundings,
  modes: Map<string, Mode>,
  { seed, commands }: ModelRun,
): Promise<Told> {
  const choices = choicesOf(seeded(seed));
  const [model, product] = [makeModel(), await startUnderModel(surroundings, modes)];
  const letters = await product.makeDestination();
  const [shared, own] = [await product.makeDestination(letters), await product.makeDestination()];
  model.destinations.push(shared, own, letters);
  for (const [destination, retries, isDelaying] of [
    [shared, 2, false],
    [shared, 0, false],
    [own, 1, false],
    [own, 0, true],
  ] as const)
    model.connections.push(await product.makeConnection(destination, retries, isDelaying));
  const done: string[] = [];
  let maskedAtMs = performance.now();
  try {
    while (done.length < commands) {
      if (performance.now() - maskedAtMs > MASKS_WAIT_MS) {
        await product.applyMasks();
        model.applyMasks();
        maskedAtMs = performance.now();
      }
      const sentence = await choices.pick(COMMANDS)({ model, product, choices });
      if (sentence === undefined) continue;
      done.push(sentence);
      await check(surroundings.db, product, model, done.length);
    }
    await end(product, model);
    await check(surroundings.db, product, model, done.length);
  } catch (error) {
    throw new Error(`Seed ${seed}, after ${done.length} commands:\n  ${done.join("\n  ")}`, { cause: error });
  }
  return { ...model.counts, masked: model.masked.size, erased: model.erased.size, gone: model.gone.length };
}
