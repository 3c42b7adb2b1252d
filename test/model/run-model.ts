// A run: commands that a seed chooses, and after each the tables, the counts and the API hold what the model says.
import { deepStrictEqual } from "node:assert";
import type { Queryable } from "#server/database/db.ts";
import { findMiscounted } from "#test/support/branch-counts.ts";
import { findMiscountedMinutes } from "#test/support/minute-counts.ts";
import { seeded } from "#test/support/seeded.ts";
import { type Choices, COMMANDS } from "./commands.ts";
import { type Counts, type Mode, makeModel } from "./event-model.ts";
import { type ProductUnderModel, type Surroundings, startUnderModel } from "./product-under-model.ts";

export interface ModelRun {
  seed: number;
  commands: number;
}

const SUMS = `select coalesce(sum(event_count), 0)::int as events, coalesce(sum(attempt_count), 0)::int as attempts,
  coalesce(sum(delivered_count), 0)::int as delivered, coalesce(sum(failed_count), 0)::int as failed,
  coalesce(sum(retrying_count), 0)::int as retrying, coalesce(sum(hold_count), 0)::int as held,
  coalesce(sum(cancelled_count), 0)::int as cancelled
  from rollup_minute where source_id = $1`;

const choicesOf = (random: () => number): Choices => {
  const below = (count: number) => Math.floor(random() * count);
  return { below, pick: (of) => of[below(of.length)] as (typeof of)[number] };
};

async function check(db: Queryable, product: ProductUnderModel, model: ReturnType<typeof makeModel>) {
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
    await findMiscountedMinutes(db, product.sourceId),
    [],
    "The counts of minutes are not those of the rows.",
  );
}

/** @throws Error with the commands that led to it, where the product and the model part */
export async function runModel(
  surroundings: Surroundings,
  modes: Map<string, Mode>,
  { seed, commands }: ModelRun,
): Promise<Counts> {
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
  try {
    while (done.length < commands) {
      const sentence = await choices.pick(COMMANDS)({ model, product, choices });
      if (sentence === undefined) continue;
      done.push(sentence);
      await check(surroundings.db, product, model);
    }
  } catch (error) {
    throw new Error(`Seed ${seed}, after ${done.length} commands:\n  ${done.join("\n  ")}`, { cause: error });
  }
  return model.counts;
}
