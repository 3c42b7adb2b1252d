// The changes that make what runs what a file says, with what each would cost. Nothing is written here.
import { createHash } from "node:crypto";
import type { Ctx } from "#server/auth/ctx.ts";
import type { FlowChange, FlowField, FlowPlan, FlowProblem } from "#server/contracts/flow.ts";
import type { Tx } from "#server/resources/transact.ts";
import { type Declared, type DeclaredFlows, lineOf } from "./declared.ts";
import { type Desired, type Desiring, desire, usualFacts } from "./desire.ts";
import { type FindAuthor, readAuthors } from "./drift-authors.ts";
import { areOnOneWay, type Difference, differences, type Facts, factAt } from "./facts.ts";
import { letterCircles } from "./letter-order.ts";
import { type CountWaiting, lossesOfDelete, lossesOfUpdate, readWaiting } from "./losses.ts";
import { driftOf } from "./ownership.ts";
import {
  type Found,
  finderOf,
  ownedElsewhere,
  readWorld,
  removable,
  strayReferences,
  systemSources,
  type Undeclared,
  undeclaredOf,
  type World,
} from "./plan-world.ts";
import { shownProblems } from "./read-flows.ts";
import type { Names } from "./running.ts";
import { shareThread } from "./share-thread.ts";

export interface Paired extends Found {
  desired: Desired;
}

/** Everything that a plan is made of, for whoever applies it. */
export interface Planned {
  plan: FlowPlan;
  pairs: Paired[];
  /** To be deleted. */
  removed: Undeclared[];
  names: Names;
}

interface Telling {
  author: FindAuthor;
  count: CountWaiting;
}

function fieldsOf({ declared, running, owned, desired }: Paired, author: FindAuthor): FlowField[] {
  const drift = running && owned ? driftOf(owned, running) : [];
  const before: Facts = running ? running.facts : usualFacts(declared);
  const all = [...differences(before, desired.facts), ...desired.secretChanges];
  return all.map((field) => {
    const drifted = drift.find(({ path }) => areOnOneWay(path, field.path));
    return {
      ...field,
      before: running ? field.before : null,
      drift:
        drifted && owned && running
          ? {
              file: factAt(owned.facts, field.path) ?? null,
              changed_by: author(running.id, drifted.path, owned.declaredAt),
            }
          : null,
      line: lineOf(declared.origin, field.path),
    };
  });
}

function changeOf(pair: Paired, { author, count }: Telling): FlowChange | null {
  const { declared, running } = pair;
  const fields = fieldsOf(pair, author);
  if (running && fields.length === 0) return null;
  return {
    action: running ? "update" : "create",
    kind: declared.kind,
    id: running?.id ?? null,
    name: declared.name,
    flow: declared.origin.flow.name,
    line: lineOf(declared.origin, ""),
    fields,
    losses: running ? lossesOfUpdate(running, fields, count) : [],
  };
}

const deletionOf = ({ running, owned }: Undeclared, count: CountWaiting): FlowChange => ({
  action: "delete",
  kind: running.kind,
  id: running.id,
  name: running.name,
  flow: owned.flow,
  line: null,
  fields: [],
  losses: lossesOfDelete(running, count),
});

export const refusedPlan = (problems: FlowProblem[]): FlowPlan => ({
  problems: shownProblems(problems),
  fingerprint: null,
  is_empty: false,
  flows: [],
  changes: [],
  unchanged_count: 0,
  left: [],
  existing: [],
  warnings: [],
});

export interface PlanInput {
  prune: boolean;
  only_new: boolean;
  secrets: Record<string, string>;
}

async function pairAll(of: Desiring, found: readonly Found[], adjust: (pair: Found) => Declared): Promise<Paired[]> {
  const pairs: Paired[] = [];
  for (const [index, each] of found.entries()) {
    await shareThread(index);
    const declared = adjust(each);
    pairs.push({ ...each, declared, desired: desire(of, declared, each.running) });
  }
  return pairs;
}

/** What is there already under a name of the file, with where it is otherwise. */
async function existingOf(of: Desiring, found: readonly Found[]): Promise<FlowPlan["existing"]> {
  const existing: FlowPlan["existing"] = [];
  for (const [index, { declared, running }] of found.entries()) {
    await shareThread(index);
    if (!running) continue;
    // It stays, so what the file says of it need not fit.
    const { facts } = desire({ ...of, problems: [], warnings: [] }, declared, running);
    const paths = differences(running.facts, facts).map(({ path }) => path);
    existing.push({ kind: declared.kind, id: running.id, name: declared.name, paths });
  }
  return existing;
}

/** Each declared resource beside what runs; of `all`, those that are planned are `found`. */
async function readFound(db: Tx, ctx: Ctx, file: DeclaredFlows, isOnlyNew: boolean) {
  // Whoever only adds owns nothing, also where a flow of that name does.
  const world = await readWorld(db, ctx, isOnlyNew ? { ...file, flows: [] } : file);
  const find = finderOf(world, file);
  const all: Found[] = file.declared.map((declared) => ({ declared, ...find(declared) }));
  return { world, all, found: isOnlyNew ? all.filter(({ running }) => !running) : all };
}

function problemsOf(file: DeclaredFlows, world: World, found: readonly Found[]): FlowProblem[] {
  const planned = found.map(({ declared }) => declared);
  return [
    ...strayReferences(file, world.names),
    ...ownedElsewhere(found, file),
    ...systemSources(found),
    ...letterCircles(planned, world.running),
  ];
}

/** @param adjust what a declared resource becomes by the choices of whoever applies it */
export async function planOf(
  db: Tx,
  ctx: Ctx,
  file: DeclaredFlows,
  input: PlanInput,
  adjust: (pair: Found) => Declared = ({ declared }) => declared,
): Promise<Planned> {
  const { prune, secrets, only_new: isOnlyNew } = input;
  const { world, all, found } = await readFound(db, ctx, file, isOnlyNew);
  const { names } = world;
  const problems = problemsOf(file, world, found);
  const hidesSame = !ctx.can.has("connection.write");
  const desiring: Desiring = { ctx, names, sent: secrets, problems, warnings: [], hidesSame };
  const pairs = await pairAll(desiring, found, adjust);
  const undeclared = isOnlyNew ? [] : undeclaredOf(world, found, file);
  const { removed, kept } = prune
    ? await removable(
        db,
        ctx,
        undeclared,
        pairs.map(({ declared }) => declared),
      )
    : { removed: [], kept: undeclared };
  if (problems.length > 0) return { plan: refusedPlan(problems), pairs, removed, names };
  const telling: Telling = { author: await authorsOf(db, ctx, pairs), count: await readWaiting(db, ctx) };
  const changes: FlowChange[] = [];
  for (const [index, pair] of pairs.entries()) {
    await shareThread(index);
    const change = changeOf(pair, telling);
    if (change) changes.push(change);
  }
  changes.push(...removed.map((each) => deletionOf(each, telling.count)));
  const plan: FlowPlan = {
    problems: [],
    fingerprint: fingerprintOf(file, input, world, changes),
    is_empty: changes.length === 0,
    flows: (isOnlyNew ? [] : file.flows).map(({ name, places }) => ({
      name,
      is_new: !world.knownFlows.has(name),
      line: places.get("metadata.name")?.[0] ?? null,
    })),
    changes,
    unchanged_count: all.length - changes.filter(({ action }) => action !== "delete").length,
    left: kept.map(({ running: { kind, id, name }, owned }) => ({ kind, id, name, flow: owned.flow })),
    existing: isOnlyNew ? await existingOf(desiring, all) : [],
    warnings: shownProblems(desiring.warnings),
  };
  return { plan, pairs, removed, names };
}

async function authorsOf(db: Tx, ctx: Ctx, pairs: readonly Paired[]): Promise<FindAuthor> {
  const drifted = pairs.flatMap(({ running, owned }) =>
    running && owned && driftOf(owned, running).length > 0 ? [{ id: running.id, since: owned.declaredAt }] : [],
  );
  const since = new Date(Math.min(...drifted.map((each) => each.since.getTime()), ctx.app.now().getTime()));
  return readAuthors(
    db,
    ctx,
    drifted.map(({ id }) => id),
    since,
  );
}

/** Of all that a plan depends on: two of one value would do the same. Counts may move on. */
function fingerprintOf(
  file: DeclaredFlows,
  { prune, secrets, only_new: isOnlyNew }: PlanInput,
  world: World,
  changes: readonly FlowChange[],
): string {
  const digest = createHash("sha256");
  const states = world.running.map(({ id, updatedAt }) => `${id} ${updatedAt.toISOString()}`).sort();
  const owned = world.owned.map(({ id, flow, declaredAt }) => `${id} ${flow} ${declaredAt.toISOString()}`).sort();
  const steps = changes.map(({ action, kind, name, fields }) => [action, kind, name, fields.map(fieldState)]);
  const texts = file.flows.map(({ text }) => text);
  const asked = [texts, prune, isOnlyNew, Object.entries(secrets).sort()];
  digest.update(JSON.stringify([...asked, states, owned, steps]));
  return digest.digest("base64url").slice(0, 32);
}

const fieldState = ({ path, before, after }: Difference) => [path, before, after];
