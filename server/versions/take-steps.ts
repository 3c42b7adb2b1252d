// The steps of a restore, taken through the same writes as anybody's change: checked, audited, and told to whom it concerns.
import type { Ctx } from "#server/auth/ctx.ts";
import { UpdateConnection } from "#server/contracts/connection.ts";
import { UpdateDestination } from "#server/contracts/destination.ts";
import { UpdateSource } from "#server/contracts/source.ts";
import { UpdateTransformation } from "#server/contracts/transformation.ts";
import { parseInput } from "#server/errors/field-issues.ts";
import { changeConnection, removeConnection } from "#server/resources/connections.ts";
import { changeDestination, removeDestination } from "#server/resources/destinations.ts";
import { changeSource, removeSource } from "#server/resources/sources.ts";
import type { Tx } from "#server/resources/transact.ts";
import { changeTransformation, removeTransformation } from "#server/resources/transformations.ts";
import { bringBack } from "./bring-back.ts";
import { differingFields, type Fields, isFields, rulesFrom } from "./document.ts";
import type { Configuration, Step } from "./restore-steps.ts";

const isDifferent = (one: unknown, other: unknown) => differingFields({ at: one }, { at: other }).length > 0;

/** The members of `after` that differ from `before`. */
const changed = (before: Fields, after: Fields): Fields =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => isDifferent(before[name], value)));

/** What a change of `auth` is sent as: null clears a field. Its secrets are not sent, so they stay. */
function authChange(before: Fields, after: Fields): Fields {
  const [one, other] = [before.auth, after.auth];
  if (!isFields(one) || !isFields(other) || !isDifferent(one, other)) return {};
  const cleared = Object.keys(one).filter((name) => !Object.hasOwn(other, name));
  return { auth: { ...Object.fromEntries(cleared.map((name) => [name, null])), ...other } };
}

function configChange(before: unknown, after: unknown): { config?: Fields } {
  if (!isFields(before) || !isFields(after)) return {};
  const { auth: _, ...fields } = changed(before, after);
  const config = { ...fields, ...authChange(before, after) };
  return Object.keys(config).length > 0 ? { config } : {};
}

/** The change as a PATCH: config fields one by one. */
function patchOf({ id, before, after }: Step & { action: "update" }): Fields {
  const { config: _config, rules, ...fields } = changed(before, after);
  return {
    id,
    ...fields,
    ...configChange(before.config, after.config),
    ...(isFields(rules) && { rules: rulesFrom(rules) }),
  };
}

const CHANGES: Record<Step["kind"], (tx: Tx, ctx: Ctx, patch: Fields) => Promise<unknown>> = {
  source: (tx, ctx, patch) => changeSource(tx, ctx, parseInput(UpdateSource, patch)),
  destination: (tx, ctx, patch) => changeDestination(tx, ctx, parseInput(UpdateDestination, patch)),
  transformation: (tx, ctx, patch) => changeTransformation(tx, ctx, parseInput(UpdateTransformation, patch)),
  connection(tx, ctx, patch) {
    const { id, ...input } = parseInput(UpdateConnection, patch);
    return changeConnection(tx, ctx, id, input);
  },
};

const REMOVALS = {
  source: removeSource,
  destination: removeDestination,
  transformation: removeTransformation,
  connection: removeConnection,
} satisfies Record<Step["kind"], unknown>;

const KINDS: Step["kind"][] = ["transformation", "source", "destination", "connection"];

/** The ids of what the connections refer to that stay. */
function usedBy(present: Configuration, steps: readonly Step[]): Set<unknown> {
  const gone = new Set(steps.filter(({ action }) => action === "delete").map(({ id }) => id));
  const stay = [...present].filter(([id, { kind }]) => kind === "connection" && !gone.has(id));
  return new Set(
    stay.flatMap(([, { state }]) => [
      state.source_id,
      state.destination_id,
      ...(state.rules as Fields[]).map(({ transformation_id }) => transformation_id),
    ]),
  );
}

/**
 * The order in which no step needs a later one. What nothing refers to goes first and frees its name; the rest goes when
 * connections have left it.
 */
export function inOrder(steps: readonly Step[], present: Configuration): Step[] {
  const used = usedBy(present, steps);
  const isLate = (step: Step) => used.has(step.id);
  const deletions = steps.filter(({ action }) => action === "delete");
  const byKind = (some: readonly Step[], kinds = KINDS) => kinds.flatMap((kind) => some.filter((s) => s.kind === kind));
  const others = byKind(steps.filter(({ action }) => action !== "delete"));
  const back = others.filter(({ action, kind }) => action === "create" && kind !== "connection");
  return [
    ...byKind(
      deletions.filter((step) => !isLate(step)),
      KINDS.toReversed(),
    ),
    ...back,
    ...others.filter((step) => !back.includes(step)),
    ...deletions.filter(isLate),
  ];
}

/** @throws AppError where a step is refused, with its sentence */
export async function takeStep(tx: Tx, ctx: Ctx, step: Step): Promise<void> {
  if (step.action === "create") return bringBack(tx, ctx, step);
  if (step.action === "delete") return REMOVALS[step.kind](tx, ctx, step.id);
  await CHANGES[step.kind](tx, ctx, patchOf(step));
}
