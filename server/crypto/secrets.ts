// Secrets at rest: AES-256-GCM, bound to the row they belong to, so that a sealed value copied to another row does not open.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Keyring {
  /** Of the secrets that open; the first is the one that seals. */
  fingerprints: readonly [string, ...string[]];
  /** `place` names table, row and field, such as `source:src_…:secrets`; the same place is needed to open it. */
  seal(plaintext: string, place: string): string;
  /** Throws when the value was sealed under another key, for another place, or was tampered with. */
  open(sealed: string, place: string): string;
}

/** Derived with HKDF-SHA-256 (RFC 5869). */
const keyOf = (secret: string) => Buffer.from(hkdfSync("sha256", secret, "", "switchyard secrets at rest", 32));

/** Eight hexadecimal digits that tell one SWITCHYARD_SECRET from another, and nothing about it. */
export const fingerprintOf = (secret: string): string =>
  createHash("sha256").update(keyOf(secret)).digest("hex").slice(0, 8);

/** The fingerprint of the secret under which a value was sealed; null for what was not sealed here. */
export const sealedUnder = (sealed: string): string | null => /^v1\.([0-9a-f]{8})\./.exec(sealed)?.[1] ?? null;

/**
 * @param secret SWITCHYARD_SECRET: what is sealed from now on
 * @param otherSecret SWITCHYARD_OTHER_SECRET: what opens too, while one takes the place of the other
 */
export function makeKeyring(secret: string, otherSecret?: string): Keyring {
  const key = keyOf(secret);
  const keyId = fingerprintOf(secret);
  const others = otherSecret === undefined ? [] : [otherSecret];
  const keys = new Map([[keyId, key], ...others.map((each) => [fingerprintOf(each), keyOf(each)] as const)]);

  return {
    fingerprints: [keyId, ...others.map(fingerprintOf)],
    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `v1.${keyId}.${sealed.toString("base64url")}`;
    },
    open(sealed, place) {
      const [version, sealedWith, text] = sealed.split(".");
      if (version !== "v1" || !text) throw new Error(`The sealed value at ${place} has an unknown form.`);
      const openedWith = keys.get(sealedWith ?? "");
      if (openedWith === undefined) {
        throw new Error(
          `The secrets at ${place} were encrypted under another key: start with the SWITCHYARD_SECRET that wrote them.`,
        );
      }
      const bytes = Buffer.from(text, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", openedWith, bytes.subarray(0, NONCE_BYTES)).setAAD(
        Buffer.from(place),
      );
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    },
  };
}

export type SecretOwner = "source" | "destination" | "transformation" | "transformation_version";

/**
 * The place for which the secrets of a source, destination or transformation are sealed. A version's id is that of its
 * transformation and its number.
 */
export const secretsPlace = (kind: SecretOwner, id: string) => `${kind}:${id}:secrets`;

/** In the place of sealed secrets: a resource had some, was deleted and was brought back without them. */
export const GONE_SECRETS = "gone";

/** The fields of a config that hold secrets, in the configs that have them. */
export interface SecretFields {
  auth?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** A config with its secrets in their places: those of `auth`, and the values of custom headers. */
export function withSecrets<C extends SecretFields>(config: C, { headers, ...auth }: Record<string, unknown>): C {
  return {
    ...config,
    ...(config.auth && { auth: { ...config.auth, ...auth } }),
    ...(headers !== undefined && { headers: { ...config.headers, ...(headers as SecretFields["headers"]) } }),
  };
}

export type OpenedSecrets =
  | { kind: "open"; secrets: Record<string, unknown> }
  /** `reason` is a sentence for the owner. */
  | { kind: "unusable"; reason: string };

/**
 * Opens the secrets of one resource. Secrets that do not open are a value: they make their owner unusable and nobody else.
 */
export function openSecrets(
  keyring: Keyring,
  kind: SecretOwner,
  row: { id: string; secrets: string | null },
): OpenedSecrets {
  if (!row.secrets) return { kind: "open", secrets: {} };
  if (row.secrets === GONE_SECRETS) {
    const reason = `The secrets of this ${kind} went when it was deleted: send them again, or rotate the secret.`;
    return { kind: "unusable", reason };
  }
  try {
    return { kind: "open", secrets: JSON.parse(keyring.open(row.secrets, secretsPlace(kind, row.id))) };
  } catch {
    const reason = `The secrets of this ${kind} do not open: they were encrypted under another key or are damaged. Send them again, rotate the secret, or start with the SWITCHYARD_SECRET that wrote them.`;
    return { kind: "unusable", reason };
  }
}
