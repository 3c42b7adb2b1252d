// Makes what runs what a file says: everything in one transaction, or nothing.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type {
  AppliedFlows,
  ApplyFlows,
  FlowChange,
  FlowProblem,
  FlowResourceKind,
  PlanFlows,
} from "#server/contracts/flow.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { AppError } from "#server/errors/app-error.ts";
import { unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { removeConnection } from "#server/resources/connections.ts";
import { removeDestination } from "#server/resources/destinations.ts";
import { removeSource } from "#server/resources/sources.ts";
import { isForeignKeyViolation, type Tx, transact } from "#server/resources/transact.ts";
import { checkCode, removeTransformation } from "#server/resources/transformations.ts";
import { chooser, unchosen, withRunning } from "./choices.ts";
import { type DeclaredFlows, problemOf } from "./declared.ts";
import { inOrder, inRemovalOrder } from "./letter-order.ts";
import { keepFlows } from "./ownership.ts";
import { type Paired, type Planned, planOf } from "./plan.ts";
import { readFlows } from "./read-flows.ts";
import { type MadeSecret, writePair } from "./write-resource.ts";

/** A thousand destinations take some seconds, on a machine that is busy with much else some ten times as long. */
const TIMEOUT_MS = 180_000;

const STALE =
  "The configuration has changed since this was planned. Nothing was saved: plan again, look at what is new, and send its fingerprint.";

/** Problems as the API tells mistakes: each with its place. */
function refuse(problems: readonly FlowProblem[]): never {
  throw unprocessable(
    problems.map(({ line, column, path, message }) => ({
      path: path === "" ? "text" : `text.${path}`,
      message: line === null ? message : `Line ${line}, column ${column}: ${message}`,
    })),
  );
}

const WRITES: Record<FlowResourceKind, Capability> = {
  source: "source.write",
  destination: "destination.write",
  connection: "connection.write",
  transformation: "transformation.write",
};

function requireRights(ctx: Ctx, changes: readonly FlowChange[]): void {
  for (const { action, kind } of changes) requireCan(ctx, action === "delete" ? "resources.delete" : WRITES[kind]);
}

const REMOVERS: Record<FlowResourceKind, (tx: Tx, ctx: Ctx, id: string) => Promise<void>> = {
  connection: removeConnection,
  source: removeSource,
  destination: removeDestination,
  transformation: removeTransformation,
};

/** Mistakes of the API get their places in the file. */
async function atItsPlace<T>({ declared: { origin } }: Paired, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "UNPROCESSABLE" || !error.issues) throw error;
    return refuse(error.issues.map((issue) => problemOf(origin, issue)));
  }
}

interface Written {
  changes: AppliedFlows["changes"];
  made: MadeSecret[];
}

async function writeAll(tx: Tx, ctx: Ctx, { plan, pairs, removed, names }: Planned): Promise<Written> {
  const changed = new Map(plan.changes.map((change) => [`${change.kind}:${change.name}`, change]));
  const written: Written = { changes: [], made: [] };
  for (const pair of inOrder(pairs)) {
    const { kind, name } = pair.declared;
    const change = changed.get(`${kind}:${name}`);
    if (!change || change.action === "delete") continue;
    const as = { ...ctx, cause: { flow: change.flow } };
    const { id, secret } = await atItsPlace(pair, () => writePair(tx, as, pair, change, names));
    names.add(kind, name, id);
    if (secret) written.made.push(secret);
    written.changes.push({ action: change.action, kind, id, name, flow: change.flow });
  }
  for (const { running, owned } of inRemovalOrder(removed)) {
    const { kind, id, name } = running;
    await REMOVERS[kind](tx, { ...ctx, cause: { flow: owned.flow } }, id);
    written.changes.push({ action: "delete", kind, id, name, flow: owned.flow });
  }
  return written;
}

/** Plans within the transaction: nobody applies another file meanwhile, and a change of a row is seen when it is written. */
async function applyIn(tx: Tx, ctx: Ctx, file: DeclaredFlows, input: ApplyFlows): Promise<AppliedFlows> {
  await tx.$executeRaw`select pg_advisory_xact_lock(${ADVISORY_LOCKS.flows}::int, hashtext(${ctx.teamId}))`;
  const first = await planOf(tx, ctx, file, input);
  if (first.plan.problems.length > 0) refuse(first.plan.problems);
  if (input.fingerprint !== undefined && input.fingerprint !== first.plan.fingerprint)
    throw new AppError("CONFLICT", STALE);
  const choiceOf = chooser(input);
  const open = unchosen(first.plan.changes, choiceOf);
  if (open.length > 0) throw unprocessable(open);
  const kept = first.plan.changes.flatMap(({ kind, name, fields }) =>
    fields
      .filter(({ path, drift }) => drift && choiceOf(kind, name, path) === "runs")
      .map(({ path }) => ({ kind, name, path })),
  );
  const planned =
    kept.length === 0
      ? first
      : await planOf(tx, ctx, file, input, ({ declared, running }) =>
          kept
            .filter(({ kind, name }) => running && kind === declared.kind && name === declared.name)
            .reduce((at, { path }) => (running ? withRunning(at, running, path) : at), declared),
        );
  if (planned.plan.problems.length > 0) refuse(planned.plan.problems);
  requireRights(ctx, planned.plan.changes);
  const { changes, made } = await writeAll(tx, ctx, planned);
  const ids = new Map(changes.map(({ kind, name, id }) => [`${kind}:${name}`, id]));
  const applied = {
    changes,
    unchanged_count: planned.plan.unchanged_count,
    made_secrets: made,
    warnings: planned.plan.warnings,
  };
  if (input.only_new) return { is_changed: changes.length > 0, ...applied };
  // The file keeps saying what it says, also where what runs was chosen.
  const facts = first.pairs.map(({ declared, running, owned, desired }) => ({
    flow: declared.origin.flow.name,
    kind: declared.kind,
    name: declared.name,
    id: running?.id ?? ids.get(`${declared.kind}:${declared.name}`) ?? "",
    facts: desired.facts,
    owned,
  }));
  const left = planned.plan.left.map(({ id }) => id);
  const told = new Set(changes.map(({ flow }) => flow));
  const isKept = await keepFlows(tx, ctx, file.flows, facts, left, told);
  return { is_changed: changes.length > 0 || isKept, ...applied };
}

/** Code that does not parse is told before anything is locked. */
async function checkCodes(ctx: Ctx, file: DeclaredFlows, input: ApplyFlows): Promise<void> {
  if (file.declared.every(({ kind }) => kind !== "transformation")) return;
  const { pairs } = await planOf(ctx.app.db, ctx, file, input);
  for (const pair of pairs) {
    const { declared, running } = pair;
    if (declared.kind !== "transformation" || running?.facts.code === declared.code) continue;
    await atItsPlace(pair, () => checkCode(ctx, declared.code));
  }
}

/** @throws AppError UNPROCESSABLE */
export function requireOneWay({ prune, only_new: isOnlyNew }: PlanFlows): void {
  if (prune && isOnlyNew)
    throw wrongField("prune", "With only_new nothing is owned, so nothing can be pruned: send one of the two.");
}

/** Idempotent: a file that says what runs changes nothing. */
export async function applyFlows(ctx: Ctx, input: ApplyFlows): Promise<AppliedFlows> {
  requireCan(ctx, "connection.write");
  requireOneWay(input);
  const file = await readFlows(input.text, ctx.signal);
  if (file.problems.length > 0) refuse(file.problems);
  await checkCodes(ctx, file, input);
  return transact(ctx, (tx) => applyIn(tx, ctx, file, input), {}, TIMEOUT_MS).catch((error: unknown) => {
    // Somebody has begun to use what was to be deleted, or deleted what was to be used.
    throw isForeignKeyViolation(error) ? new AppError("CONFLICT", STALE) : error;
  });
}
