// The SWITCHYARD_SECRET that belongs to the database. A process with another one would run, find every stored secret shut, and seal
// new ones that nobody else opens.
import type { Keyring } from "#server/crypto/secrets.ts";
import { AppError } from "#server/errors/app-error.ts";
import { SAYS_UNFINISHED, UNFINISHED_RESTORE } from "./unfinished-restore.ts";

/** Runs a statement and resolves to its rows. */
export type AskFingerprints = (sql: string) => Promise<{ fingerprint: string }[]>;

const UNFINISHED = `select checksum as fingerprint from _prisma_migrations where migration_name = '${UNFINISHED_RESTORE}'`;

/**
 * The fingerprint of the secret that the database belongs to; null before its first start.
 *
 * @throws AppError CONFLICT where the database is restored by half, and whose it is may still be to come
 */
export async function masterKeyOf(ask: AskFingerprints): Promise<string | null> {
  if ((await ask(UNFINISHED)).length > 0) throw new AppError("CONFLICT", SAYS_UNFINISHED);
  const [row] = await ask("select fingerprint from master_key");
  return row?.fingerprint ?? null;
}

export const otherSecret = (stored: string, given: string): AppError =>
  new AppError(
    "CONFLICT",
    `The secrets in this database were encrypted under another SWITCHYARD_SECRET (its fingerprint is ${stored}, that of the one given is ${given}): start with that one, or, to change it, give that one as SWITCHYARD_OTHER_SECRET too.`,
  );

/**
 * Refuses a database that belongs to none of the secrets that were given.
 *
 * @throws AppError CONFLICT with the fingerprints and the remedy
 */
export async function refuseOtherSecret(
  ask: AskFingerprints,
  { fingerprints }: Pick<Keyring, "fingerprints">,
): Promise<void> {
  const stored = await masterKeyOf(ask);
  if (stored !== null && !fingerprints.includes(stored)) throw otherSecret(stored, fingerprints[0]);
}
