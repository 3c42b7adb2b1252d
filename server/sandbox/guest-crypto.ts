import type { Border } from "./guest-border.ts";

export function installCrypto({ ask, askBytes, define }: Border, bytesOf: (source: unknown) => ArrayBuffer) {
  const secrets = new WeakMap<object, { hash: string; bytes: ArrayBuffer }>();
  const nameOf = (algorithm: unknown): string =>
    String(typeof algorithm === "object" && algorithm !== null ? (algorithm as { name?: unknown }).name : algorithm);

  function requireHmac(algorithm: unknown): void {
    if (nameOf(algorithm).toUpperCase() === "HMAC") return;
    throw new TypeError(`crypto.subtle knows digests and HMAC in a transform, not ${nameOf(algorithm)}.`);
  }
  function secretOf(key: object, usage: string) {
    const secret = secrets.get(key);
    if (!secret || !(key as { usages: string[] }).usages.includes(usage))
      throw new TypeError(`This key cannot ${usage}.`);
    return secret;
  }
  const sign = (key: object, data: unknown, usage: string) => {
    const { hash, bytes } = secretOf(key, usage);
    return askBytes("hmac", [hash], bytes, bytesOf(data));
  };

  const subtle = {
    async digest(algorithm: unknown, data: unknown) {
      return askBytes("digest", [nameOf(algorithm)], bytesOf(data));
    },
    async importKey(
      format: unknown,
      data: unknown,
      algorithm: { hash?: unknown },
      extractable: unknown,
      usages: string[],
    ) {
      requireHmac(algorithm);
      if (format !== "raw") throw new TypeError('crypto.subtle imports keys in the format "raw" only in a transform.');
      const hash = nameOf(algorithm.hash).toUpperCase();
      const details = { name: "HMAC", hash: { name: hash } };
      const key = { type: "secret", extractable: Boolean(extractable), algorithm: details, usages: [...usages] };
      secrets.set(key, { hash, bytes: bytesOf(data).slice(0) });
      return key;
    },
    async sign(algorithm: unknown, key: object, data: unknown) {
      requireHmac(algorithm);
      return sign(key, data, "sign");
    },
    async verify(algorithm: unknown, key: object, signature: unknown, data: unknown) {
      requireHmac(algorithm);
      const [given, made] = [new Uint8Array(bytesOf(signature)), new Uint8Array(sign(key, data, "verify"))];
      return given.length === made.length && made.every((byte, index) => byte === given[index]);
    },
  };
  for (const name of [
    "encrypt",
    "decrypt",
    "generateKey",
    "deriveKey",
    "deriveBits",
    "exportKey",
    "wrapKey",
    "unwrapKey",
  ]) {
    define(subtle, name, async () => {
      throw new TypeError(`crypto.subtle.${name} is not there: a transform has digests and HMAC.`);
    });
  }
  define(globalThis, "crypto", {
    subtle,
    randomUUID: () => ask("uuid"),
    getRandomValues(view: Uint8Array) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      if (bytes.length > 65_536) throw new RangeError("At most 65,536 random bytes at a time.");
      bytes.set(new Uint8Array(askBytes("random", [bytes.length])));
      return view;
    },
  });
}
