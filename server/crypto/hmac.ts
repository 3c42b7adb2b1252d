// HMAC by RFC 2104 over one-shot digests. Node's createHmac makes an object per signature, which must be collected; under
// load that costs several times the hashing of a webhook. It is still better for a message too long to copy.
import { createHmac, hash } from "node:crypto";

export type HmacAlgorithm = "sha1" | "sha256" | "sha512";

/** The digest of the parts in order; strings are latin1, as headers are. Holds the key: never log or serialise it. */
export type Hmac = (parts: readonly (string | Buffer)[]) => Buffer;

const BLOCK_BYTES: Record<HmacAlgorithm, number> = { sha1: 64, sha256: 64, sha512: 128 };
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
const MAX_COPIED_BYTES = 64 * 1024;
/** Shared by all keys: a digest is made in one call, so no two are under way at once. */
const message = Buffer.allocUnsafeSlow(MAX_COPIED_BYTES);

/** Prepares `key`, of any length, for many digests. */
export function makeHmac(algorithm: HmacAlgorithm, key: Buffer): Hmac {
  const blockBytes = BLOCK_BYTES[algorithm];
  const block = Buffer.alloc(blockBytes);
  (key.length > blockBytes ? hash(algorithm, key, "buffer") : key).copy(block);
  const innerBlock = Buffer.from(block.map((byte) => byte ^ INNER_PAD));
  const outerBlock = Buffer.from(block.map((byte) => byte ^ OUTER_PAD));

  return (parts) => {
    let bytes = blockBytes;
    for (const part of parts) bytes += part.length;
    if (bytes > MAX_COPIED_BYTES) return digestLong(algorithm, key, parts);

    innerBlock.copy(message);
    let at = blockBytes;
    for (const part of parts)
      at += typeof part === "string" ? message.write(part, at, "latin1") : part.copy(message, at);
    // A one-shot digest returns strings fastest.
    const inner = hash(algorithm, message.subarray(0, at), "binary");
    outerBlock.copy(message);
    at = blockBytes + message.write(inner, blockBytes, "binary");
    return Buffer.from(hash(algorithm, message.subarray(0, at), "binary"), "binary");
  };
}

function digestLong(algorithm: HmacAlgorithm, key: Buffer, parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) {
    if (typeof part === "string") hmac.update(part, "latin1");
    else hmac.update(part);
  }
  return hmac.digest();
}
