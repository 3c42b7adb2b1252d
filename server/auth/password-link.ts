// The way back for somebody who lost password or authenticator: a link, good once, that the operator prints. There is no mail,
// and an admin of one team must not get into what the person has in another.
import type { Db } from "#server/database/prisma.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { hashToken, isToken, newToken } from "./link-token.ts";
import { recordInTeamsOf } from "./person-audit.ts";
import { addPersonWithPassword } from "./person-rows.ts";

const LINK_MS = 24 * 60 * 60 * 1000;
const identifierOf = (token: string) => `password-link:${hashToken(token)}`;

type Reader = Db | Prisma.TransactionClient;

/** Ends the person's sessions, passkeys and second factor and gives the token of their link; null for an address that is not known. */
export async function makePasswordLink(db: Db, email: string, now: Date): Promise<string | null> {
  return db.$transaction(async (tx) => {
    const person = await tx.user.findUnique({ where: { email: email.trim().toLowerCase() }, select: { id: true } });
    if (!person) return null;
    const token = newToken();
    const { count: sessions } = await tx.session.deleteMany({ where: { user_id: person.id } });
    const { count: passkeys } = await tx.passkey.deleteMany({ where: { user_id: person.id } });
    await tx.twoFactor.deleteMany({ where: { user_id: person.id } });
    await tx.user.update({ where: { id: person.id }, data: { two_factor_enabled: false }, select: { id: true } });
    await tx.verification.create({
      data: {
        id: newId("verification", now.getTime()),
        identifier: identifierOf(token),
        value: person.id,
        expires_at: new Date(now.getTime() + LINK_MS),
        created_at: now,
        updated_at: now,
      },
      select: { id: true },
    });
    const actor = { kind: "system", id: "admin" } as const;
    const change = { actor, before: { sessions, passkeys }, after: { second_factor: false, sessions: 0, passkeys: 0 } };
    await recordInTeamsOf(tx, { now: () => now }, person.id, change);
    return token;
  });
}

/** Whose link it is; null for one that was used, has expired or never was. */
export async function readPasswordLink(db: Reader, token: string, now: Date): Promise<{ email: string } | null> {
  if (!isToken(token)) return null;
  const where = { identifier: identifierOf(token), expires_at: { gt: now } };
  const link = await db.verification.findFirst({ where, select: { value: true } });
  return link && db.user.findUnique({ where: { id: link.value }, select: { email: true } });
}

/** The person's id, if the link is good; it is used up. @param passwordHash as the log-in library makes it */
export async function setPassword(db: Db, token: string, passwordHash: string, now: Date): Promise<string | null> {
  return db.$transaction(async (tx) => {
    const person = await readPasswordLink(tx, token, now);
    // Of two who come with one link, one deletes it.
    const { count } = await tx.verification.deleteMany({ where: { identifier: identifierOf(token) } });
    return person && count > 0 ? addPersonWithPassword(tx, person.email, passwordHash, now, true) : null;
  });
}
