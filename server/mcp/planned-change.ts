// A change in two calls. The plan says what the change would reach and seals that; the run plans once more and makes the change
// only if it is what was sealed, by the same caller, and would reach no more. docs/decisions/093-agents.md
import { operations } from "#server/api/operations/table.ts";
import { AppError } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Change } from "./change-tools.ts";
import { type Agent, type Fields, runOperation, type Tool } from "./tool.ts";
import { inputSchema, runSchema } from "./tool-input.ts";

type ChangeOf<K extends Change["kind"]> = Change & { kind: K };

interface Plan {
  /** Relative times are resolved: the run is about the very same time. */
  input: Fields;
  /** What may not have changed until the run. */
  state: unknown;
  count: number;
  /** For the agent to judge by. */
  effect: Fields;
  /** The operation gets it besides, so that it refuses what has changed once more since. */
  also?: Fields;
}

const FINGERPRINT = {
  fingerprint: {
    type: "string",
    description: "As `run_with` of the plan says.",
  },
};

async function planMany(agent: Agent, change: ChangeOf<"many">, input: Fields): Promise<Plan> {
  const { filter, count, ...effect } = (await runOperation(agent, change.plan, input)) as Fields & {
    filter: Fields;
    count: number;
  };
  // A run starts an operation, so no fingerprint is good for a second one.
  const { data } = await runOperation(agent, operations.bulk.list, { limit: 1 });
  const [newest] = data as Fields[];
  return { input: { ...input, from: filter.from, to: filter.to }, state: newest?.id ?? null, count, effect };
}

async function planOne(agent: Agent, change: ChangeOf<"one">, input: Fields): Promise<Plan> {
  const now = await runOperation(agent, change.read, { id: input.id });
  const { id, name, kind, state, subject, paused_at, paused_until, disabled_at, updated_at, queued_count } = now;
  const waits = change.queue && (await runOperation(agent, change.queue, { connection_id: [String(input.id)] }));
  const [point] = (waits?.data ?? []) as { metrics: Fields }[];
  const shown = { id, name, kind, state, subject, paused_at, paused_until, disabled_at, updated_at, queued_count };
  const also = "if_updated_at" in change.operation.input.shape ? { if_updated_at: updated_at } : {};
  return { input, state: now[change.isAsOf], count: 1, effect: { now: shown, waiting: point?.metrics }, also };
}

/** The state of a file with problems: no plan of it has a fingerprint. */
const CANNOT_RUN = Symbol("cannot run");

async function planFile(agent: Agent, change: ChangeOf<"file">, input: Fields): Promise<Plan> {
  const { fingerprint, ...effect } = await runOperation(agent, change.plan, input);
  const { problems, changes } = effect as { problems: unknown[]; changes: unknown[] };
  if (problems.length > 0) return { input, state: CANNOT_RUN, count: 0, effect: { problems } };
  // The operation refuses what is no longer as its own fingerprint says.
  return { input, state: fingerprint, count: changes.length, effect, also: { fingerprint } };
}

function planOf(agent: Agent, change: Change, input: Fields): Promise<Plan> {
  switch (change.kind) {
    case "many":
      return planMany(agent, change, input);
    case "one":
      return planOne(agent, change, input);
    case "file":
      return planFile(agent, change, input);
  }
}

/** What is sealed, the same whatever order the fields come in. */
const sealed = ({ ctx }: Agent, change: Change, { input, state }: Plan): string => {
  const fields = Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([ctx.teamId, ctx.actor.id, change.name, fields, state]);
};

const planFirst = ({ name }: Change) => `call plan_${name} first`;

async function plan(agent: Agent, change: Change, input: Fields): Promise<Fields> {
  const made = await planOf(agent, change, input);
  if (made.state === CANNOT_RUN) return { would: change.about, count: 0, ...made.effect };
  const { ctx, seals } = agent;
  const fingerprint = seals.make(sealed(agent, change, made), made.count, ctx.app.now().getTime());
  return {
    would: change.about,
    count: made.count,
    ...made.effect,
    run_with: { tool: `run_${change.name}`, arguments: { ...made.input, fingerprint } },
  };
}

function requirePlanned(agent: Agent, change: Change, made: Plan, fingerprint: string): void {
  const { ctx, seals } = agent;
  const verdict = seals.check(fingerprint, sealed(agent, change, made), ctx.app.now().getTime());
  if (verdict.kind === "expired")
    throw new AppError("CONFLICT", `This plan is older than 15 minutes: ${planFirst(change)}.`);
  if (verdict.kind === "other") {
    const message = `This is not the fingerprint of this plan: the arguments differ from run_with, another key made it, or something has changed since. To go on, ${planFirst(change)}.`;
    throw new AppError("CONFLICT", message);
  }
  if (made.count > verdict.count) {
    const message = `It would reach ${made.count} now and was planned for ${verdict.count}: ${planFirst(change)}.`;
    throw new AppError("CONFLICT", message);
  }
}

async function runPlanned(agent: Agent, change: Change, input: Fields, fingerprint: string): Promise<Fields> {
  const made = await planOf(agent, change, input);
  requirePlanned(agent, change, made, fingerprint);
  const ctx = change.kind === "many" ? { ...agent.ctx, plannedAfter: made.state as string | null } : agent.ctx;
  return { done: await runOperation({ ...agent, ctx }, change.operation, { ...made.input, ...made.also }) };
}

async function run(agent: Agent, change: Change, { fingerprint, ...input }: Fields): Promise<Fields> {
  if (typeof fingerprint !== "string")
    throw wrongField("fingerprint", `A change is planned before it is made: ${planFirst(change)}.`);
  if (agent.running.has(fingerprint)) throw new AppError("CONFLICT", "This plan is being run: wait for its answer.");
  agent.running.add(fingerprint);
  return runPlanned(agent, change, input, fingerprint).finally(() => agent.running.delete(fingerprint));
}

/** The two tools of a change. */
export function toolsOf(change: Change): [plan: Tool, run: Tool] {
  const { name, about, operation, fields } = change;
  const planned = inputSchema(operation, fields);
  return [
    {
      name: `plan_${name}`,
      about: `Changes nothing. Says what run_${name} would reach, and the fingerprint that it needs.`,
      can: operation.can,
      input: planned,
      effect: "plans",
      run: (agent, input) => plan(agent, change, input),
    },
    {
      name: `run_${name}`,
      about: `${about} Needs the fingerprint of plan_${name}.`,
      can: operation.can,
      input: runSchema(planned, FINGERPRINT),
      effect: "changes",
      run: (agent, input) => run(agent, change, input),
    },
  ];
}
