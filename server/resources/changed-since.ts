// A change that was meant for an older state of a row is refused, with who changed the row meanwhile and what of it.
import type { Ctx } from "#server/auth/ctx.ts";
import { type ChangedSince, ConflictError, type MeanwhileChange } from "#server/errors/app-error.ts";
import { parseJson } from "#server/json/parse.ts";
import { pathStep } from "#server/json/show.ts";
import { namesOf } from "./audit-names.ts";
import { lockRow, type Table, type Tx } from "./transact.ts";

/** The newest entries that are read, and the fields that are named of each: an answer stays small. */
const MAX_CHANGES = 10;
const MAX_FIELDS = 20;
/** What a sentence names; the rest it counts. */
const TOLD_CHANGES = 3;
const TOLD_FIELDS = 4;

/**
 * Locks a row as `lockRow` does, and returns its `updated_at`.
 * @param ifUpdatedAt the `updated_at` that the caller read; undefined where it does not mind
 * @throws ConflictError when the row has changed since, so nothing that somebody else saved is overwritten unseen
 */
export async function lockAsRead(
  tx: Tx,
  ctx: Ctx,
  table: Table,
  id: string,
  ifUpdatedAt: string | undefined,
): Promise<Date> {
  const updatedAt = await lockRow(tx, ctx, table, id);
  await requireAsRead(tx, ctx, { kind: table, id, updatedAt }, ifUpdatedAt);
  return updatedAt;
}

/** What a change was meant for: a locked row, under the kind and id by which the audit log has its changes. */
interface Locked {
  kind: Table | "team";
  id: string;
  updatedAt: Date;
}

/** @throws ConflictError when a row that is locked already is not as it was at `ifUpdatedAt` */
export async function requireAsRead(tx: Tx, ctx: Ctx, row: Locked, ifUpdatedAt: string | undefined): Promise<void> {
  if (ifUpdatedAt === undefined || Date.parse(ifUpdatedAt) === row.updatedAt.getTime()) return;
  throw await conflict(tx, ctx, row, new Date(ifUpdatedAt));
}

/** When a row is changed now that was last changed at `before`: later in any case, so no two states have the same time. */
export const laterThan = (before: Date, now: Date): Date => new Date(Math.max(now.getTime(), before.getTime() + 1));

async function conflict(tx: Tx, ctx: Ctx, { kind, id, updatedAt }: Locked, read: Date) {
  const rows = await tx.auditEntry.findMany({
    where: { team_id: ctx.teamId, resource_kind: kind, resource_id: id, created_at: { gt: read, lte: updatedAt } },
    orderBy: { id: "desc" },
    take: MAX_CHANGES,
    select: { actor_kind: true, actor_id: true, action: true, before: true, after: true, created_at: true },
  });
  const names = await namesOf(
    tx,
    ctx.teamId,
    rows.map(({ actor_kind, actor_id }) => [actor_kind, actor_id]),
  );
  const changes = rows.reverse().map(({ before, after, created_at, ...row }) => ({
    ...row,
    actor_name: names.get(row.actor_id) ?? null,
    is_own: row.actor_kind === ctx.actor.kind && row.actor_id === ctx.actor.id,
    fields: fieldsOf(before, after),
    created_at: created_at.toISOString(),
  }));
  const since = { updated_at: updatedAt.toISOString(), changes };
  return new ConflictError(conflictSentence(kind, since), since);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function leavesOf(value: unknown, path: string): string[] {
  if (!isRecord(value) || (path !== "" && Object.keys(value).length === 0)) return [path];
  return Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member, path === "" ? pathStep(key).replace(/^\./, "") : path + pathStep(key)),
  );
}

/** The paths of the members that an entry says have changed; none where it keeps only their size. */
function fieldsOf(before: string | null, after: string | null): string[] {
  const leaves = [before, after].flatMap((text) => (text === null ? [] : leavesOf(parseJson(text), "")));
  const isWhole = !leaves.includes("left_out_characters");
  return isWhole ? [...new Set(leaves)].sort().slice(0, MAX_FIELDS) : [];
}

const DONE: Record<string, string> = {
  pause: "paused it",
  unpause: "resumed it",
  enable: "enabled it",
  disable: "disabled it",
  rotate_secret: "rotated its secret",
};

const STRANGERS: Record<string, (id: string) => string> = {
  system: () => "the product itself",
  api_key: (id) => `the API key ${id}`,
  user: (id) => `the person ${id}`,
};

function deedOf({ action, fields }: MeanwhileChange): string {
  const done = DONE[action];
  if (done !== undefined) return done;
  if (fields.length === 0) return "changed it";
  const more = fields.length - TOLD_FIELDS;
  return `changed ${fields.slice(0, TOLD_FIELDS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function changeWords(change: MeanwhileChange): string {
  const { actor_kind: kind, actor_id: id, actor_name: name } = change;
  const who = change.is_own ? "you" : (name ?? STRANGERS[kind]?.(id) ?? id);
  return `${who} ${deedOf(change)} at ${change.created_at}`;
}

/** The refusal as a sentence with its remedy. */
function conflictSentence(kind: string, { updated_at, changes }: ChangedSince): string {
  const told = changes.slice(-TOLD_CHANGES).map(changeWords);
  const untold = changes.length - told.length;
  const earlier = untold > 0 ? `, after ${untold === 1 ? "a change" : `${untold} changes`} before that` : "";
  const what = told.length > 0 ? `: ${told.join("; ")}${earlier}` : "";
  return `This ${kind.replace("_", " ")} is not as you read it any more${what}. Nothing was saved: read it again, and send your change with if_updated_at ${updated_at}.`;
}
