// Bytes that lie for a while where others could read them: AES-256-GCM under a key of SWITCHYARD_SECRET, bound to their place.
//
// A sealed value: version (1 byte), fingerprint of the secret (4), nonce (12), the encrypted bytes, tag (16).
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { fingerprintOf } from "./secrets.ts";

const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

export interface ByteSeals {
  /** `place` names what the bytes are; the same place is needed to open them. */
  seal(bytes: Buffer, place: string): Buffer;
  /** Throws when they were sealed under another key or for another place, or were tampered with. */
  open(sealed: Buffer, place: string): Buffer;
}

/** Not damaged, but of a secret that this process was not given. */
const SEALED_OTHERWISE =
  "It was sealed under another SWITCHYARD_SECRET: start the gateways with that one as SWITCHYARD_OTHER_SECRET.";

/**
 * @param purpose gives each use a key of its own
 * @param secret SWITCHYARD_SECRET: what is sealed from now on
 * @param otherSecret SWITCHYARD_OTHER_SECRET: what opens too, while one takes the place of the other
 */
export function makeByteSeals(purpose: string, secret: string, otherSecret?: string): ByteSeals {
  const entryOf = (each: string) =>
    [fingerprintOf(each), Buffer.from(hkdfSync("sha256", each, "", purpose, 32))] as const;
  const [keyId, key] = entryOf(secret);
  const keys = new Map([[keyId, key], ...(otherSecret === undefined ? [] : [entryOf(otherSecret)])]);
  return {
    seal(bytes, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
      const head = Buffer.concat([Buffer.from([VERSION]), Buffer.from(keyId, "hex"), nonce]);
      return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, place) {
      if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== VERSION)
        throw new Error("The sealed bytes have an unknown form.");
      const openedWith = keys.get(sealed.toString("hex", 1, 1 + KEY_ID_BYTES));
      if (openedWith === undefined) throw new Error(SEALED_OTHERWISE);
      const nonce = sealed.subarray(1 + KEY_ID_BYTES, HEAD_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", openedWith, nonce).setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}
