// The code that is sent to an address. Whoever gives it to the team reads the mail of that address.
import { hash, randomBytes } from "node:crypto";

/** Crockford's base 32: no letter that looks like a digit. Sixty bits cannot be guessed in a day. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS = 12;

/** As `4F7K-02QX-9ZTB`. */
export function newMailCode(): string {
  const chars = [...randomBytes(CHARS)].map((byte) => ALPHABET.charAt(byte & 31));
  return [0, 4, 8].map((at) => chars.slice(at, at + 4).join("")).join("-");
}

/** However it was typed: in small letters, with or without dashes and blanks. */
export const mailCodeHash = (code: string): Buffer =>
  Buffer.from(hash("sha256", code.toUpperCase().replace(/[^0-9A-Z]/g, ""), "hex"), "hex");
