// SWITCHYARD_SECRET inside a backup, sealed with a passphrase: scrypt, then AES-256-GCM bound to the fingerprint of the secret.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { AppError } from "#server/errors/app-error.ts";

export const MIN_PASSPHRASE_CHARS = 12;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 128 MiB and some 0.4 s for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

export const SealedKey = z.object({ salt: z.string(), sealed: z.string() });
export type SealedKey = z.infer<typeof SealedKey>;

const keyOf = (passphrase: string, salt: Buffer) =>
  promisify<string, Buffer, number, typeof COST, Buffer>(scrypt)(passphrase.normalize("NFC"), salt, 32, COST);

export async function sealKey(secret: string, passphrase: string): Promise<SealedKey> {
  const [salt, nonce] = [randomBytes(16), randomBytes(NONCE_BYTES)];
  const cipher = createCipheriv("aes-256-gcm", await keyOf(passphrase, salt), nonce).setAAD(
    Buffer.from(fingerprintOf(secret)),
  );
  const sealed = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { salt: salt.toString("base64url"), sealed: sealed.toString("base64url") };
}

/** @throws AppError where the passphrase is another, or the key was tampered with */
export async function openKey({ salt, sealed }: SealedKey, passphrase: string, fingerprint: string): Promise<string> {
  const bytes = Buffer.from(sealed, "base64url");
  const key = await keyOf(passphrase, Buffer.from(salt, "base64url"));
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
  try {
    decipher.setAAD(Buffer.from(fingerprint)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch {
    throw new AppError(
      "UNPROCESSABLE",
      "The key in this backup does not open: the passphrase is another, or the file is damaged.",
    );
  }
}
