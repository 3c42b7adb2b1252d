// The secrets of authenticators and the codes for their loss, encrypted anew under the first of the given secrets.
import type { App } from "#server/auth/ctx.ts";
import { encryptAnew, isUnderFirst, keysOf, type Secrets } from "./session-keys.ts";

/** @returns how many people's were encrypted anew, and the ids of those whose no given secret opens: they stay as they are */
export async function sealAuthenticators(db: App["db"], secrets: Secrets): Promise<{ sealed: number; shut: string[] }> {
  const keys = keysOf(secrets);
  const done = { sealed: 0, shut: [] as string[] };
  for (const row of await db.twoFactor.findMany({
    select: { id: true, user_id: true, secret: true, backup_codes: true },
  })) {
    const { secret, backup_codes: codes } = row;
    if (isUnderFirst(secret, keys) && isUnderFirst(codes, keys)) continue;
    const [newSecret, newCodes] = await Promise.all([encryptAnew(secret, keys), encryptAnew(codes, keys)]);
    if (newSecret === null || newCodes === null) {
      done.shut.push(`authenticator of ${row.user_id}`);
      continue;
    }
    // A code that was used meanwhile stays used: the row is taken only as it was read.
    const where = { id: row.id, secret, backup_codes: codes };
    const { count } = await db.twoFactor.updateMany({ where, data: { secret: newSecret, backup_codes: newCodes } });
    done.sealed += count;
  }
  return done;
}
