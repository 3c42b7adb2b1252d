// The keys of the log-in library: it signs cookies with the first, and encrypts the secrets of authenticators with it. It names in
// each encrypted value which key that was, so a value of another key opens too while one secret takes another's place.
import { hkdfSync } from "node:crypto";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import type { RoleEnv } from "#server/env.ts";

/** SWITCHYARD_SECRET and SWITCHYARD_OTHER_SECRET. */
export type Secrets = Pick<RoleEnv, "secret" | "otherSecret">;

export interface SessionKey {
  /** The number by which an encrypted value names its key: the same in every process that has the secret. */
  version: number;
  value: string;
}

const VALUE = /^\$ba\$(\d+)\$/;
/** The library's numbers are safe integers, and a fingerprint is 32 bits. */
const versionOf = (secret: string) => Number.parseInt(fingerprintOf(secret), 16);

/** Derived with HKDF-SHA-256 (RFC 5869). */
const keyOf = (secret: string): SessionKey => ({
  version: versionOf(secret),
  value: Buffer.from(hkdfSync("sha256", secret, "", "switchyard session cookies", 32)).toString("base64url"),
});

export const keysOf = ({ secret, otherSecret }: Secrets): [SessionKey, ...SessionKey[]] =>
  otherSecret === undefined ? [keyOf(secret)] : [keyOf(secret), keyOf(otherSecret)];

/** Whether `value` names the first key. */
export const isUnderFirst = (value: string, [first]: [SessionKey, ...SessionKey[]]): boolean =>
  VALUE.exec(value)?.[1] === String(first.version);

/** `value` encrypted under the first key; null where none of the keys opens it. */
export async function encryptAnew(value: string, keys: [SessionKey, ...SessionKey[]]): Promise<string | null> {
  const [first] = keys;
  const known = new Map(keys.map(({ version, value }) => [version, value]));
  const config = { keys: known, currentVersion: first.version };
  // What was written before values named their key is tried with each.
  for (const legacySecret of known.values()) {
    const data = await symmetricDecrypt({ key: { ...config, legacySecret }, data: value }).catch(() => null);
    if (data !== null) return symmetricEncrypt({ key: config, data });
  }
  return null;
}
