import type { Prisma } from "#server/generated/prisma/client.ts";
import { type IdKind, newId } from "#server/ids.ts";
import type { Actor, Cause, Ctx } from "./ctx.ts";

export type AuditAction =
  | "create"
  | "update"
  | "delete"
  | "enable"
  | "disable"
  | "pause"
  | "unpause"
  | "rotate_secret"
  | "revoke"
  | "retry"
  | "replay"
  | "resend"
  | "cancel"
  | "erase"
  | "snooze"
  | "wake"
  | "resolve"
  | "call"
  | "sign_in"
  | "sign_in_failed"
  | "sign_out";

/** A resource before and after a change, as its contract shows it: with secrets masked. */
export interface Change {
  before?: object | undefined;
  after?: object | undefined;
  /** The `updated_at` that the change gave its resource: the entry then says of which state it is. */
  at?: Date;
}

/** An entry holds the change; whole documents are stored with the resource. */
const MAX_CHARS = 64 * 1024;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The members of `one` that differ from those of `other`, down to the first that is no object in both. */
function differing(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(one)
    .filter(([key, value]) => key !== "updated_at" && !isSame(value, other[key]))
    .map(([key, value]) => {
      const counterpart = other[key];
      return [key, isRecord(value) && isRecord(counterpart) ? differing(value, counterpart) : value] as const;
    });
  return Object.fromEntries(members);
}

function asText(value: object | undefined): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > MAX_CHARS ? JSON.stringify({ left_out_characters: text.length }) : text;
}

function textsOf({ before, after }: Change, cause: Cause | undefined) {
  const noted = (fields: object | undefined) => asText(cause ? { ...fields, ...cause } : fields);
  if (!isRecord(before) || !isRecord(after)) return { before: asText(before), after: noted(after) };
  return { before: asText(differing(before, after)), after: noted(differing(after, before)) };
}

/**
 * Records a change in its own transaction: who changed what, from what, to what. Of an update only the differing members
 * are stored. The database chains the entry to the one before as the transaction commits (migration audit_chain).
 */
export async function recordAudit(
  tx: Prisma.TransactionClient,
  ctx: { teamId: string; actor: Actor; cause?: Cause | undefined; app: Pick<Ctx["app"], "now"> },
  action: AuditAction,
  kind: IdKind,
  resourceId: string,
  change: Change,
): Promise<void> {
  const at = change.at ?? ctx.app.now();
  await tx.auditEntry.create({
    data: {
      team_id: ctx.teamId,
      id: newId("audit_entry", at.getTime()),
      actor_kind: ctx.actor.kind,
      actor_id: ctx.actor.id,
      action,
      resource_kind: kind,
      resource_id: resourceId,
      ...textsOf(change, ctx.cause),
      created_at: at,
    },
    select: { id: true },
  });
}
