// The one course of a change to a named resource: lock the row, compare it with what the caller read, write, record both states.
import { type AuditAction, recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import type { SwitchOne } from "#server/contracts/resource-fields.ts";
import { laterThan, lockAsRead } from "./changed-since.ts";
import type { Table, Tx } from "./transact.ts";

/** What a change needs to know of a kind of resource. */
export interface Changeable<State extends { id: string; updated_at: Date | string }, Data> {
  table: Table;
  /** Reads the team's row. 404 when there is none. */
  find: (tx: Tx, ctx: Ctx, id: string) => Promise<State>;
  /** Writes `data` over the team's row and returns the new state. */
  write: (tx: Tx, ctx: Ctx, before: State, data: Data & { updated_at: Date }) => Promise<State>;
  /** The state as the audit log may keep it: with secrets masked. */
  toAudited: (ctx: Ctx, state: State) => object;
}

/**
 * Locks a row until the end of the transaction and reads it.
 * @throws AppError NOT_FOUND; CONFLICT when the row is not as it was at `if_updated_at`
 */
export async function lockState<State extends { id: string; updated_at: Date | string }, Data>(
  tx: Tx,
  ctx: Ctx,
  kind: Changeable<State, Data>,
  { id, if_updated_at }: SwitchOne,
): Promise<State> {
  await lockAsRead(tx, ctx, kind.table, id, if_updated_at);
  return kind.find(tx, ctx, id);
}

/**
 * Writes `data` over a row that this transaction has locked, and records what changed.
 * @param noted what the audit entry holds besides the new state
 */
export async function writeState<State extends { id: string; updated_at: Date | string }, Data>(
  tx: Tx,
  ctx: Ctx,
  kind: Changeable<State, Data>,
  action: Extract<AuditAction, "update" | "rotate_secret">,
  before: State,
  data: Data,
  noted: object = {},
): Promise<State> {
  const at = laterThan(new Date(before.updated_at), ctx.app.now());
  const after = await kind.write(tx, ctx, before, { ...data, updated_at: at });
  const change = { before: kind.toAudited(ctx, before), after: { ...kind.toAudited(ctx, after), ...noted }, at };
  await recordAudit(tx, ctx, action, kind.table, before.id, change);
  return after;
}
