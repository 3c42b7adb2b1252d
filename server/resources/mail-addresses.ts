// The addresses that a team may tell by e-mail (decision 064). An address gets nothing but codes until whoever reads it has
// given one to the team.
import { timingSafeEqual } from "node:crypto";
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { DestinationSettings } from "#server/contracts/destination.ts";
import {
  type AskMailAddress,
  type ConfirmMailAddress,
  MAX_MAIL_ADDRESSES,
  type MailAddress,
  type MailAddresses,
} from "#server/contracts/mail-address.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { newId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";
import {
  type CodeSender,
  codeRefusal,
  LOCK_CODES,
  type SentCodes,
  senderOf,
  sentCodes,
  takeCode,
} from "#server/mail/code-share.ts";
import { mailCodeHash } from "#server/mail/mail-code.ts";
import { type Tx, transact } from "./transact.ts";

const SELECT = { id: true, address: true, confirmed_at: true, answer: true, created_at: true } as const;
const CODE_VALID_MS = 24 * 3_600_000;

const NO_MAIL = "This installation sends no e-mail: its operator has set no SMTP_URL and SMTP_FROM.";

interface Row {
  id: string;
  address: string;
  confirmed_at: Date | null;
  answer: string | null;
  created_at: Date;
}
const toMailAddress = ({ confirmed_at, created_at, ...row }: Row, unsubscribedAt: Date | null = null): MailAddress => ({
  ...row,
  confirmed_at: confirmed_at?.toISOString() ?? null,
  unsubscribed_at: unsubscribedAt?.toISOString() ?? null,
  created_at: created_at.toISOString(),
});

/** When readers ended the team's mails, by their address. */
async function unsubscribed(db: Pick<Tx, "mailUnsubscribed">, ctx: Ctx, addresses: readonly string[]) {
  const where = { team_id: ctx.teamId, address: { in: [...addresses] } };
  const rows = await db.mailUnsubscribed.findMany({ where, select: { address: true, created_at: true } });
  return new Map(rows.map(({ address, created_at }) => [address, created_at]));
}

export async function listMailAddresses(ctx: Ctx): Promise<MailAddresses> {
  const where = { team_id: ctx.teamId };
  const rows = await ctx.app.db.mailAddress.findMany({ where, orderBy: { address: "asc" }, select: SELECT });
  const ended = await unsubscribed(
    ctx.app.db,
    ctx,
    rows.map(({ address }) => address),
  );
  const data = rows.map((row) => toMailAddress(row, ended.get(row.address)));
  return { data, unavailable_because: ctx.app.sendsMail ? null : NO_MAIL };
}

export async function getMailAddress(ctx: Ctx, { id }: ById): Promise<MailAddress> {
  const row = await ctx.app.db.mailAddress.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  if (!row) throw notFound("mail_address", id);
  return toMailAddress(row, (await unsubscribed(ctx.app.db, ctx, [row.address])).get(row.address));
}

/** @throws AppError TOO_MANY_REQUESTS when a share of today's codes is spent */
async function requireCode(tx: Tx, { app, teamId, actor }: Ctx, address: string): Promise<void> {
  const now = app.now();
  await tx.$executeRawUnsafe(LOCK_CODES);
  const asking = senderOf(teamId, actor.kind === "user" ? actor.id : null);
  const [sender] = await tx.$queryRawUnsafe<CodeSender[]>(asking.text, ...asking.values);
  if (!sender) throw notFound("team", teamId);
  const today = sentCodes(teamId, address, sender, now);
  const [sent] = await tx.$queryRawUnsafe<SentCodes[]>(today.text, ...today.values);
  const refusal = sent ? codeRefusal(sent, sender, now) : null;
  if (refusal !== null) throw new AppError("TOO_MANY_REQUESTS", refusal);
  const take = takeCode(teamId, address, sender, now);
  await tx.$executeRawUnsafe(take.text, ...take.values);
}

const readerEnded = (address: string) =>
  `The reader of ${address} has ended this team's mails, and can take that back by the link in any of them.`;

/** Has a code sent there. Idempotent for one that is confirmed. */
export async function askMailAddress(ctx: Ctx, { address }: AskMailAddress): Promise<MailAddress> {
  requireCan(ctx, "connection.write");
  return transact(ctx, async (tx) => {
    // Of two at once the second waits here, and finds what the first has made.
    await tx.$queryRaw`select id from team where id = ${ctx.teamId} for no key update`;
    const where = { team_id: ctx.teamId, address };
    if ((await unsubscribed(tx, ctx, [address])).size > 0) throw new AppError("CONFLICT", readerEnded(address));
    const known = await tx.mailAddress.findFirst({ where, select: SELECT });
    if (known?.confirmed_at) return toMailAddress(known);
    if (!ctx.app.sendsMail) throw wrongField("address", NO_MAIL);
    if (!known && (await tx.mailAddress.count({ where: { team_id: ctx.teamId } })) >= MAX_MAIL_ADDRESSES)
      throw new AppError(
        "CONFLICT",
        `A team has at most ${MAX_MAIL_ADDRESSES} addresses: remove one that nobody needs.`,
      );
    await requireCode(tx, ctx, address);
    const created_at = ctx.app.now();
    const data = { ...where, id: newId("mail_address", created_at.getTime()), created_at };
    const row = known ?? (await tx.mailAddress.create({ data, select: SELECT }));
    if (!known) await recordAudit(tx, ctx, "create", "mail_address", row.id, { after: { address }, at: created_at });
    const { text, values } = addJobStatement("send-mail-code", { teamId: ctx.teamId, addressId: row.id });
    await tx.$executeRawUnsafe(text, ...values);
    return toMailAddress(row);
  });
}

/** Takes the code of the newest mail, for a day. */
export async function confirmMailAddress(ctx: Ctx, { id, code }: ConfirmMailAddress): Promise<MailAddress> {
  requireCan(ctx, "connection.write");
  return transact(ctx, async (tx) => {
    const where = { team_id: ctx.teamId, id };
    const select = { ...SELECT, code_hash: true, code_made_at: true };
    const found = await tx.mailAddress.findFirst({ where, select });
    if (!found) throw notFound("mail_address", id);
    const { code_hash: hash, code_made_at: madeAt, ...row } = found;
    if (row.confirmed_at) return toMailAddress(row);
    const now = ctx.app.now();
    const isFresh = madeAt !== null && now.getTime() - madeAt.getTime() <= CODE_VALID_MS;
    if (hash === null || !isFresh || !timingSafeEqual(hash, mailCodeHash(code)))
      throw wrongField(
        "code",
        "This is not the code of the newest mail, or it is older than a day: have one sent again.",
      );
    const data = { confirmed_at: now, code_hash: null, code_made_at: null };
    const after = toMailAddress(await tx.mailAddress.update({ where, data, select: SELECT }));
    await recordAudit(tx, ctx, "update", "mail_address", id, { before: toMailAddress(row), after, at: now });
    return after;
  });
}

/** From then on nothing is sent there, whatever destination names it. */
export async function removeMailAddress(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "connection.write");
  return transact(ctx, async (tx) => {
    const where = { team_id: ctx.teamId, id };
    const row = await tx.mailAddress.findFirst({ where, select: SELECT });
    if (!row) throw notFound("mail_address", id);
    await tx.mailAddress.deleteMany({ where });
    await recordAudit(tx, ctx, "delete", "mail_address", id, { before: toMailAddress(row) });
    return { id };
  });
}

/** @throws AppError UNPROCESSABLE for addresses that nobody has confirmed */
export async function refuseUnconfirmed(tx: Tx, ctx: Ctx, { type, config }: DestinationSettings): Promise<void> {
  if (type !== "EMAIL") return;
  const { to } = config;
  if (!ctx.app.sendsMail) throw wrongField("type", NO_MAIL);
  const where = { team_id: ctx.teamId, address: { in: [...to] }, confirmed_at: { not: null } };
  const confirmed = await tx.mailAddress.findMany({ where, select: { address: true } });
  const [ended] = (await unsubscribed(tx, ctx, to)).keys();
  if (ended !== undefined) throw wrongField("config.to", `${readerEnded(ended)} Leave it out.`);
  const missing = to.filter((one) => !confirmed.some(({ address }) => address === one));
  if (missing.length === 0) return;
  throw wrongField(
    "config.to",
    `${missing.join(", ")} has not been confirmed: have a code sent by POST /mail-addresses, and give it back.`,
  );
}
