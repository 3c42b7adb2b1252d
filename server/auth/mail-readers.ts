// The end of a team's notifications to one address, and their return, asked for by whoever reads it (decision 064). The link in a
// mail is the proof: there is no account behind it.

import type { Recipient } from "#server/crypto/unsubscribe-links.ts";
import { recordAudit } from "./audit.ts";
import type { App, Ctx } from "./ctx.ts";

/** What the page of a link says; null: the link is not good. */
export async function readUnsubscribed(app: App, token: string): Promise<{ address: string; at: Date | null } | null> {
  const recipient = app.unsubscribeLinks.read(token);
  if (!recipient) return null;
  const where = { team_id: recipient.teamId, address: recipient.address };
  const row = await app.db.mailUnsubscribed.findFirst({ where, select: { created_at: true } });
  return { address: recipient.address, at: row?.created_at ?? null };
}

const readerCtx = (app: App, { teamId }: Recipient): Ctx => ({
  app,
  teamId,
  actor: { kind: "system", id: "mail_reader" },
  can: new Set(),
});

/** Returns false for a team that is gone. Doing it twice changes nothing. */
export async function setUnsubscribed(app: App, recipient: Recipient, isUnsubscribed: boolean): Promise<boolean> {
  const ctx = readerCtx(app, recipient);
  return app.db.$transaction(async (tx) => {
    const where = { team_id: ctx.teamId, address: recipient.address };
    // Of two at once the second waits here.
    const team = await tx.$queryRaw<object[]>`select id from team where id = ${ctx.teamId} for no key update`;
    if (team.length === 0) return false;
    const isAlready = (await tx.mailUnsubscribed.count({ where })) > 0;
    if (isAlready === isUnsubscribed) return true;
    const created_at = app.now();
    if (isUnsubscribed) await tx.mailUnsubscribed.create({ data: { ...where, created_at }, select: { address: true } });
    else await tx.mailUnsubscribed.deleteMany({ where });
    const known = await tx.mailAddress.findFirst({ where, select: { id: true } });
    const [before, after] = [{ is_unsubscribed: isAlready }, { is_unsubscribed: isUnsubscribed }];
    await recordAudit(tx, ctx, "update", "mail_address", known?.id ?? "removed", { before, after, at: created_at });
    return true;
  });
}
