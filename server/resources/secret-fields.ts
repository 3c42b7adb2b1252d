// Secrets of resources: taken out before a row is stored, sealed as one, and masked wherever they are read.
import { randomBytes } from "node:crypto";
import { SECRET_AUTH_FIELDS } from "#server/contracts/source.ts";
import { type Keyring, openSecrets, type SecretOwner, secretsPlace } from "#server/crypto/secrets.ts";
import { AppError } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";

export type Auth = Record<string, unknown>;

const SECRET_FIELDS: ReadonlySet<string> = new Set(SECRET_AUTH_FIELDS);
const MASK = "…";
/** From this length on, four characters tell secrets apart without telling much about them. */
const MIN_CHARS_TO_HINT = 12;
/** A scheme's prefix, such as `whsec_`: longer ones would be part of the secret itself. */
const PUBLIC_PREFIX = /^[A-Za-z]{1,8}_/;

/** `whsec_…f3a9`: the scheme's prefix and the last four characters; only `…` of a short secret. */
function maskSecret(secret: string): string {
  if (secret.length < MIN_CHARS_TO_HINT) return MASK;
  const prefix = PUBLIC_PREFIX.exec(secret)?.[0] ?? "";
  return `${prefix}${MASK}${secret.slice(-4)}`;
}

const isSecretField = (name: string): boolean => SECRET_FIELDS.has(name);

/** A secret in the form of Standard Webhooks: `whsec_` and the base64 of 24 random bytes. */
export const newSigningSecret = (): string => `whsec_${randomBytes(24).toString("base64")}`;

/** Splits `auth` into the fields that may be stored as they are, and the secrets. */
export function splitAuth(auth: Auth): { clear: Auth; secrets: Auth } {
  const entries = Object.entries(auth).filter(([, value]) => value !== undefined && value !== null);
  return {
    clear: Object.fromEntries(entries.filter(([name]) => !isSecretField(name))),
    secrets: Object.fromEntries(entries.filter(([name]) => isSecretField(name))),
  };
}

/** Secrets as one encrypted value; null when there is none. */
export function sealSecrets(keyring: Keyring, kind: SecretOwner, id: string, secrets: object): string | null {
  const isEmpty = Object.keys(secrets).length === 0;
  return isEmpty ? null : keyring.seal(JSON.stringify(secrets), secretsPlace(kind, id));
}

/** Opens what {@link sealSecrets} sealed. When it does not open there are no secrets, and `unusable` says why. */
export function openSealed(
  keyring: Keyring,
  kind: SecretOwner,
  row: { id: string; secrets: string | null },
): { secrets: Auth; unusable: string | null } {
  const opened = openSecrets(keyring, kind, row);
  return opened.kind === "open"
    ? { secrets: opened.secrets, unusable: null }
    : { secrets: {}, unusable: opened.reason };
}

/** Refuses a change that would overwrite secrets which do not open: the key that opens them may come back. */
export function requireSecrets(unusable: string | null, sent: object | undefined): void {
  if (unusable !== null && sent === undefined) throw new AppError("CONFLICT", unusable);
}

type Values = Record<string, string>;

/** Values all of which are secrets, as they are read. */
export const maskValues = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, maskSecret(value)]));

/** Values as they were sent; one sent back as it was read stands for itself. @param path where they stand in the input */
export const unmaskValues = (path: string, sent: Values, current: Values): Values =>
  Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, unmask(`${path}.${name}`, value, current[name])]),
  );

/** `auth` as it is read: every secret masked but the one named in `shown`. */
export function maskAuth(auth: Auth, shown?: string): Auth {
  return Object.fromEntries(
    Object.entries(auth).map(([name, value]) =>
      isSecretField(name) && typeof value === "string" && name !== shown ? [name, maskSecret(value)] : [name, value],
    ),
  );
}

/**
 * Merges `sent` into `current` when the type stays the same, and takes it alone otherwise; null clears a field. A masked
 * secret that is sent back unchanged keeps the secret. Any other masked one is refused, since saving it would lock the
 * producer out.
 */
export function mergeAuth(current: Auth, sent: Auth, isSameType: boolean): Auth {
  const merged: Auth = isSameType ? { ...current } : {};
  for (const [name, value] of Object.entries(sent)) {
    if (value === null) delete merged[name];
    else merged[name] = isSecretField(name) ? unmask(`config.auth.${name}`, value, current[name]) : value;
  }
  return merged;
}

function unmask<T>(path: string, sent: T, current: unknown): T {
  if (typeof sent !== "string" || !sent.includes(MASK)) return sent;
  if (typeof current === "string" && sent === maskSecret(current)) return current as T;
  throw wrongField(
    path,
    "This is a masked secret, not the secret itself: send it in full, or leave it out to keep it.",
  );
}
