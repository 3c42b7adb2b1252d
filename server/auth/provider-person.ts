// Whom the company's log-in lets in: somebody it brought before, somebody who is known or invited here under the address that it
// has verified, and those of the domains that the operator named.

import type { Role } from "#server/contracts/capability.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Db } from "#server/database/prisma.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { DEFAULT_TEAM } from "./bootstrap.ts";
import { joinTeam } from "./join-team.ts";
import { recordInTeamsOf } from "./person-audit.ts";

export interface Admission {
  /** Whose verified addresses come in without an invitation, into the default team. */
  domains: readonly string[];
  role: Role;
}

export type Admitted = { kind: "admitted"; userId: string } | { kind: "no-address" } | { kind: "unknown" };

interface ProviderPerson {
  issuer: string;
  subject: string;
  /** In lower case; null where the provider has not verified one. */
  email: string | null;
}

type Tx = Prisma.TransactionClient;

/** An account of another issuer is another account, whatever its subject. */
const providerIdOf = (issuer: string) => `oidc:${issuer}`;

export async function admitProviderPerson(
  db: Db,
  { issuer, subject, email }: ProviderPerson,
  { domains, role }: Admission,
  now: Date,
): Promise<Admitted> {
  const key = { provider_id: providerIdOf(issuer), account_id: subject };
  const linked = await findLinked(db, key);
  if (linked) return linked;
  if (email === null) return { kind: "no-address" };
  return db.$transaction(async (tx): Promise<Admitted> => {
    // Two tabs of one person, who is new: one makes them, and the other finds them.
    await tx.$executeRawUnsafe("select pg_advisory_xact_lock($1::bigint)", ADVISORY_LOCKS.providerPerson);
    const made = await findLinked(tx, key);
    if (made) return made;
    const known = await tx.user.findUnique({ where: { email }, select: { id: true, email_verified: true } });
    const invitations = await tx.invitation.findMany({
      where: { email, accepted_at: null, revoked_at: null, expires_at: { gt: now } },
      select: { id: true, team_id: true, role: true },
    });
    // An address that the company has given to somebody new lets nobody into what its last holder had.
    if (known && (await hasOtherSubject(tx, known.id, key.provider_id))) return { kind: "unknown" };
    const isOfDomain = domains.includes(email.slice(email.lastIndexOf("@") + 1));
    if (!known && invitations.length === 0 && !isOfDomain) return { kind: "unknown" };

    const dates = { created_at: now, updated_at: now };
    const userId = known?.id ?? newId("user", now.getTime());
    if (!known)
      await tx.user.create({
        data: { id: userId, email, name: email, email_verified: true, ...dates },
        select: { id: true },
      });
    await tx.account.create({
      data: { id: newId("account", now.getTime()), user_id: userId, ...key, ...dates },
      select: { id: true },
    });
    for (const { id, team_id, role: invitedAs } of invitations) {
      await tx.invitation.update({
        where: { team_id_id: { team_id, id } },
        data: { accepted_at: now },
        select: { id: true },
      });
      await joinTeam(tx, { teamId: team_id, userId, email, role: invitedAs }, now);
    }
    if (!known && isOfDomain && invitations.length === 0)
      await joinTeam(tx, { teamId: DEFAULT_TEAM, userId, email, role }, now);
    if (known) {
      const taken = known.email_verified ? {} : await takeOtherWaysIn(tx, userId);
      await recordInTeamsOf(tx, { now: () => now }, userId, { after: { log_in_provider: issuer, ...taken } });
    }
    return { kind: "admitted", userId };
  });
}

/**
 * Whoever holds the link of an invitation sets the password of the person that it makes, and may be an admin of one team who
 * waits for what another team gives that person. So what got in before the address was verified gets in no more.
 */
async function takeOtherWaysIn(tx: Tx, userId: string) {
  const where = { user_id: userId };
  await tx.account.deleteMany({ where: { ...where, provider_id: "credential" } });
  await tx.session.deleteMany({ where });
  await tx.passkey.deleteMany({ where });
  await tx.twoFactor.deleteMany({ where });
  const data = { email_verified: true, two_factor_enabled: false };
  await tx.user.update({ where: { id: userId }, data, select: { id: true } });
  return { password: "removed", sessions: 0, passkeys: 0, second_factor: false };
}

async function hasOtherSubject(tx: Tx, userId: string, providerId: string): Promise<boolean> {
  const where = { user_id: userId, provider_id: providerId };
  return (await tx.account.findFirst({ where, select: { id: true } })) !== null;
}

async function findLinked(db: Db | Tx, key: { provider_id: string; account_id: string }): Promise<Admitted | null> {
  const account = await db.account.findUnique({ where: { provider_id_account_id: key }, select: { user_id: true } });
  return account && { kind: "admitted", userId: account.user_id };
}
