// The key of a signature, as it is written as a secret. Most keys are the secret's own bytes.
import { createHash } from "node:crypto";

export interface KeyFormat {
  /** `sha1`: the key is the SHA-1 of the secret's bytes. */
  encoding: "base64" | "hex" | "sha1";
  /** Stands before the digits, and may be left out: the whole of it, or what stands before its last comma. */
  prefix?: string;
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const HEX = /^(?:[0-9a-f]{2})*$/i;

/** The bytes of the key; null when the secret spells none. Without a format they are the secret's own, prefix and all. */
export function keyBytes(secret: string, format: KeyFormat | undefined): Buffer | null {
  if (!format) return Buffer.from(secret, "utf8");
  const { encoding, prefix = "" } = format;
  if (encoding === "sha1") return createHash("sha1").update(secret, "utf8").digest();
  const written = [prefix, prefix.slice(prefix.lastIndexOf(",") + 1)].find((text) => secret.startsWith(text)) ?? "";
  const digits = secret.slice(written.length);
  return (encoding === "hex" ? HEX : BASE64).test(digits) ? Buffer.from(digits, encoding) : null;
}

/** `whsec_ and base64` */
export const keyWords = ({ encoding, prefix }: KeyFormat): string => (prefix ? `${prefix} and ${encoding}` : encoding);
