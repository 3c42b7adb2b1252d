// The way of dead letters from destination to destination, as it is saved: within the team, and never back.
import type { Ctx } from "#server/auth/ctx.ts";
import { AppError } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Tx } from "./transact.ts";

const PATH = "config.dead_letter_destination_id";
const MAX_STEPS = 100;

interface Step {
  name: string;
  type: string;
  next: string | null;
  is_leased: boolean;
}

async function stepFrom(tx: Tx, ctx: Ctx, id: string): Promise<Step | undefined> {
  const rows = await tx.$queryRaw<Step[]>`
    select name, type, config ->> 'dead_letter_destination_id' as next,
      exists (select from endpoint e where e.id = destination.id and e.ttl_seconds is not null) as is_leased
    from destination where team_id = ${ctx.teamId} and id = ${id}`;
  return rows[0];
}

/**
 * Letters themselves are never forwarded, so a circle would do no harm; but it is surely not what was meant.
 * @param from the destination that is saved
 * @throws AppError UNPROCESSABLE
 */
export async function refuseWrongWay(tx: Tx, ctx: Ctx, from: string, to: string | null | undefined): Promise<void> {
  if (to === null || to === undefined) return;
  if (to === from) {
    throw wrongField(PATH, "A destination cannot take its own dead letters: choose another one, or null for none.");
  }
  const names: string[] = [];
  let at: string | null = to;
  for (let steps = 0; at !== null && steps < MAX_STEPS; steps++) {
    const step: Step | undefined = await stepFrom(tx, ctx, at);
    if (!step && at === to) {
      throw wrongField(PATH, `This team has no destination ${to}: choose one of GET /destinations, or null for none.`);
    }
    if (!step) return;
    if (at === to && step.is_leased)
      throw wrongField(
        PATH,
        "An endpoint with a lease may go by itself: choose another destination, or null for none.",
      );
    if (at === to && step.type === "CLI")
      throw wrongField(PATH, "A listener goes with its session: choose another destination, or null for none.");
    if (at === to && step.type === "EMAIL")
      throw wrongField(PATH, "E-mail takes notifications alone: choose another destination, or null for none.");
    names.push(step.name);
    if (step.next === from) {
      throw wrongField(
        PATH,
        `Dead letters would come back here by way of ${names.slice(0, 5).join(", ")}: choose another one, or null for none.`,
      );
    }
    at = step.next;
  }
}

/** @throws AppError CONFLICT where other destinations send their dead letters to this one */
export async function refuseWhileNamed(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    select name from destination where team_id = ${ctx.teamId} and config ->> 'dead_letter_destination_id' = ${id} order by name limit 4`;
  if (rows.length === 0) return;
  const names = rows.slice(0, 3).map(({ name }) => name);
  const more = rows.length > 3 ? " and others" : "";
  throw new AppError(
    "CONFLICT",
    `${names.join(", ")}${more} send${names.length === 1 ? "s" : ""} dead letters to this destination: set config.dead_letter_destination_id there to another one, or to null, first.`,
  );
}
