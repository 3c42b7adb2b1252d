// A version, a resource of it or some fields are brought back: as a new version, planned first, all of it or nothing.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type { PlanRestore, Restored, RestorePlan, RestoreVersion } from "#server/contracts/version.ts";
import { AppError } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { isForeignKeyViolation, type Tx, transact } from "#server/resources/transact.ts";
import { type Configuration, plannedChange, restoreSteps, type Step, type Steps } from "./restore-steps.ts";
import { inOrder, takeStep } from "./take-steps.ts";
import { type StateRow, selectNewest, selectPresent, selectStates } from "./versions.sql.ts";
import { findVersion, newestVersion, parsedState } from "./versions.ts";

/** A configuration of more resources is no team's. */
const MAX_RESOURCES = 100_000;
/** What a plan lists; all of it is counted and restored. */
const MAX_PLANNED = 1_000;
const TRANSACTION_MS = 120_000;

interface Statement {
  text: string;
  values: unknown[];
}
type Run = <Row>(statement: Statement) => Promise<Row[]>;

/**
 * Listeners and the ways to them. They come and go with their sessions, so a restore neither brings them back nor ends them. Only
 * the way from a source that goes must go with it.
 */
function ofListeners(now: Configuration, then: Configuration): ReadonlySet<string> {
  const all = [...now, ...then];
  const isListener = ([, { kind, state }]: (typeof all)[number]) => kind === "destination" && state.type === "CLI";
  const listeners = new Set(all.filter(isListener).map(([id]) => id));
  const ways = all.filter(
    ([, { kind, state }]) =>
      kind === "connection" && listeners.has(String(state.destination_id)) && then.has(String(state.source_id)),
  );
  return new Set([...listeners, ...ways.map(([id]) => id)]);
}

const without = (configuration: Configuration, left: ReadonlySet<string>): Configuration =>
  new Map([...configuration].filter(([id]) => !left.has(id)));

const configurationOf = (rows: readonly StateRow[]): Configuration =>
  new Map(
    rows.flatMap(({ resource_id, resource_kind: kind, state: text }) => {
      const state = parsedState(text);
      return state ? [[resource_id, { kind, state }] as const] : [];
    }),
  );

function checkPart({ number, resource_id: id, fields }: PlanRestore, present: Configuration, target: Configuration) {
  if (id === undefined) {
    if (fields) throw wrongField("resource_id", "Name the resource whose fields are meant, or leave fields out.");
    return;
  }
  if (!target.has(id)) {
    throw wrongField("resource_id", `There is no ${id} in version ${number}: take a version that has it.`);
  }
  if (fields && !present.has(id)) {
    throw wrongField("fields", "This resource is deleted: leave fields out to bring it back as a whole.");
  }
}

interface Prepared extends Steps {
  present: Configuration;
  newest: number;
}

async function newestOf(run: Run, ctx: Ctx): Promise<number> {
  const [row] = await run<{ number: number }>(selectNewest(ctx.teamId));
  return row?.number ?? 0;
}

async function prepare(run: Run, ctx: Ctx, input: PlanRestore): Promise<Prepared> {
  const newest = await newestOf(run, ctx);
  const all = [selectPresent(ctx.teamId), selectStates(ctx.teamId, input.number, null, MAX_RESOURCES)] as const;
  const [now, then] = [configurationOf(await run<StateRow>(all[0])), configurationOf(await run<StateRow>(all[1]))];
  const listeners = ofListeners(now, then);
  if (input.resource_id !== undefined && listeners.has(input.resource_id))
    throw wrongField("resource_id", "This is of a listener, which comes and goes with its session: start it again.");
  const [present, target] = [without(now, listeners), without(then, listeners)];
  checkPart(input, present, target);
  const part = { id: input.resource_id, fields: input.fields };
  return { ...restoreSteps(present, target, part), present, newest };
}

interface Waiting {
  connection_id: string;
  waiting: number;
  failed: number;
}

const events = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** What is gone for good when these steps are taken. */
async function lossesOf(ctx: Ctx, steps: readonly Step[]): Promise<string[]> {
  const deletions = steps.filter((step) => step.action === "delete");
  const ids = deletions.filter(({ kind }) => kind === "connection").map(({ id }) => id);
  const text = `select connection_id, sum(queued_count + scheduled_count + retrying_count + hold_count)::int as waiting,
    sum(failed_count)::int as failed from (${BRANCH_COUNT_ROWS}) as counts
    where team_id = $1 and connection_id = any ($2) group by connection_id`;
  const rows = ids.length > 0 ? await ctx.app.searches.run<Waiting>(ctx, { text, values: [ctx.teamId, ids] }) : [];
  const byId = new Map(rows.map((row) => [row.connection_id, row]));
  return deletions.flatMap(({ kind, id, state }) => {
    const { waiting = 0, failed = 0 } = byId.get(id) ?? {};
    const name = `${kind} ${state.name}`;
    return [
      ...(waiting > 0
        ? [`${name} goes, and ${events(waiting, "event that waits is", "events that wait are")} cancelled.`]
        : []),
      ...(failed > 0 ? [`${name} goes, and its ${failed} failed can no longer be replayed.`] : []),
      ...(kind === "source" && state.is_system !== true ? [`${name} goes, and its URL answers 404.`] : []),
      ...(state.has_secrets ? [`${name} goes with its secrets, which no version keeps.`] : []),
    ];
  });
}

/** What a restore would change now, and what would be lost. Nothing is saved. */
export async function planRestore(ctx: Ctx, input: PlanRestore): Promise<RestorePlan> {
  requireCan(ctx, "connection.write");
  await findVersion(ctx, input.number);
  const run: Run = (statement) => ctx.app.searches.run(ctx, statement);
  const { steps, notes, present, newest } = await prepare(run, ctx, input);
  const changes = steps.slice(0, MAX_PLANNED).map((step) => plannedChange(step, present));
  return {
    number: input.number,
    newest,
    changes,
    changes_count: steps.length,
    losses: await lossesOf(ctx, steps),
    notes,
  };
}

const rightTo = ({ action, kind }: Step): Capability => (action === "delete" ? "resources.delete" : `${kind}.write`);

function stale(newest: number): AppError {
  return new AppError(
    "CONFLICT",
    `The configuration has changed since your plan: version ${newest} runs. Nothing was restored: plan again, and send if_newest ${newest}.`,
  );
}

/** Of what no version holds, as it is an endpoint's. */
const heldByEndpoint = () =>
  new AppError(
    "CONFLICT",
    "An endpoint takes events of a source that would be deleted, and no version holds endpoints. Nothing was restored: remove that endpoint first (GET /endpoints?source_id=…).",
  );

/** Fires the triggers that write the version before the commit, and tells its number. */
async function numberMade(tx: Tx, run: Run, ctx: Ctx, ifNewest: number): Promise<number> {
  await tx.$executeRaw`set constraints all immediate`;
  const number = await newestOf(run, ctx);
  // Another version between the plan and this one was committed while this transaction ran.
  if (number !== ifNewest + 1) throw stale(number - 1);
  return number;
}

async function restoreIn(tx: Tx, ctx: Ctx, input: RestoreVersion): Promise<Restored> {
  const run: Run = ({ text, values }) => tx.$queryRawUnsafe(text, ...values);
  const { steps, notes, present, newest } = await prepare(run, ctx, input);
  if (newest !== input.if_newest) throw stale(newest);
  for (const step of steps) requireCan(ctx, rightTo(step));
  if (steps.length === 0) {
    // What was read may be the work of a change that was committed since `newest` was read.
    const now = await newestOf(run, ctx);
    if (now !== input.if_newest) throw stale(now);
    return { number: null, changes_count: 0, notes };
  }
  for (const step of inOrder(steps, present)) await takeStep(tx, ctx, step);
  return { number: await numberMade(tx, run, ctx, input.if_newest), changes_count: steps.length, notes };
}

/** Makes a new version; nothing is ever rewritten. Events that wait keep their place. */
export async function restoreVersion(ctx: Ctx, input: RestoreVersion): Promise<Restored> {
  requireCan(ctx, "connection.write");
  await findVersion(ctx, input.number);
  const restoring = { ...ctx, cause: { restored_version: input.number } };
  try {
    return await transact(restoring, (tx) => restoreIn(tx, restoring, input), {}, TRANSACTION_MS);
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    // Something came to refer to what goes, or what is referred to went.
    const newest = await newestVersion(ctx);
    throw newest === input.if_newest ? heldByEndpoint() : stale(newest);
  }
}
