import type { Keyring } from "#server/crypto/secrets.ts";
import { type AskFingerprints, masterKeyOf, otherSecret, refuseOtherSecret } from "#server/database/master-key.ts";
import type { Db } from "#server/database/prisma.ts";

export const askOf =
  (db: Db): AskFingerprints =>
  (sql) =>
    db.$queryRawUnsafe(sql);

// What earlier releases sealed names its key too. They noted nowhere which one was right.
const SEALED = ["source", "destination", "transformation"]
  .map((table) => `select substring(secrets from '^v1\\.([0-9a-f]{8})\\.') as fingerprint from ${table}`)
  .join(" union ");
const FINGERPRINTS = `select fingerprint from (${SEALED}) as sealed where fingerprint is not null limit 50`;

/**
 * Notes the secret of a new database, and refuses one that cannot open what an older one holds.
 *
 * @throws AppError CONFLICT with the fingerprints and the remedy
 */
export async function claimMasterKey(db: Db, keyring: Pick<Keyring, "fingerprints">, now: Date): Promise<void> {
  const ask = askOf(db);
  if ((await masterKeyOf(ask)) === null) {
    const sealed = (await ask(FINGERPRINTS)).map(({ fingerprint }) => fingerprint);
    const [first] = keyring.fingerprints;
    const known = keyring.fingerprints.find((each) => sealed.includes(each));
    if (known === undefined && sealed[0] !== undefined) throw otherSecret(sealed[0], first);
    const row = { id: 1, fingerprint: known ?? first, set_at: now };
    await db.masterKey.createMany({ data: [row], skipDuplicates: true });
  }
  // Of two first starts at once with two secrets, the second is refused here.
  await refuseOtherSecret(ask, keyring);
}

/** Says that the database belongs to the secret with this fingerprint from now on. */
export async function noteMasterKey(db: Db, fingerprint: string, now: Date): Promise<void> {
  const data = { fingerprint, set_at: now };
  await db.masterKey.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data, select: { id: true } });
}
