import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";

/**
 * A person who logs in with a password. One who is there already gets this password and keeps the rest, so whoever calls this
 * has made sure that it is theirs. @param passwordHash as the log-in library makes it
 * @param isVouched whether the operator let this person in, not somebody who invites
 */
export async function addPersonWithPassword(
  tx: Prisma.TransactionClient,
  email: string,
  passwordHash: string,
  now: Date,
  isVouched: boolean,
): Promise<string> {
  const dates = { created_at: now, updated_at: now };
  const { id } = await tx.user.upsert({
    where: { email },
    create: { id: newId("user", now.getTime()), email, name: email, email_verified: isVouched, ...dates },
    update: isVouched ? { email_verified: true } : {},
    select: { id: true },
  });
  const key = { provider_id: "credential", account_id: id };
  await tx.account.upsert({
    where: { provider_id_account_id: key },
    create: { id: newId("account", now.getTime()), user_id: id, ...key, password: passwordHash, ...dates },
    update: { password: passwordHash, updated_at: now },
    select: { id: true },
  });
  return id;
}
