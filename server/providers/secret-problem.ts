// Settings that are well formed and with which no request could ever be verified: told when they are saved, not by a 401 for
// each webhook.
import type { SourceAuthType } from "#server/contracts/source.ts";
import { providerOfHeader, providerOfType } from "./table.ts";

/** Standard Webhooks asks for 24 to 64 bytes; fewer than these are a slip of the hand, or a secret that can be guessed. */
const MIN_KEY_BYTES = 16;
const PREFIX_ALONE = /^[a-z]{1,12}_$/i;
const CONTROL = /\p{Cc}/u;

/** By field of `config.auth`, a sentence for each that cannot serve. */
export function authProblems(
  authType: SourceAuthType,
  auth: Record<string, unknown>,
): { field: string; message: string }[] {
  const problems: { field: string; message: string }[] = [];
  const add = (field: string, message: string | null) => {
    if (message !== null) problems.push({ field, message });
  };
  const scheme =
    authType === "HMAC" ? providerOfHeader(String(auth.signature_header))?.scheme : providerOfType(authType)?.scheme;
  for (const field of ["secret", "previous_secret"]) {
    const secret = auth[field];
    if (typeof secret === "string") add(field, secretProblem(secret, scheme?.key));
  }
  for (const field of ["password", "previous_password", "api_key", "previous_api_key"]) {
    const value = auth[field];
    if (typeof value === "string" && CONTROL.test(value)) {
      add(field, "Leave out line breaks and control characters: no header can carry them.");
    }
  }
  if (authType === "BASIC_AUTH" && /[:\p{Cc}]/u.test(String(auth.username))) {
    add(
      "username",
      "Use a user name without a colon or control characters: basic auth ends the name at its first colon.",
    );
  }
  if (authType === "API_KEY") add("header", headerProblem(String(auth.header)));
  if (authType === "HMAC") add("signature_header", headerProblem(String(auth.signature_header)));
  return problems;
}

function secretProblem(secret: string, key: ((secret: string) => Buffer | null) | undefined): string | null {
  if (PREFIX_ALONE.test(secret)) return `Give the whole secret: ${secret} is only its beginning.`;
  if (!key) return null;
  const bytes = key(secret);
  if (bytes === null)
    return "Give the secret as the provider shows it: whsec_ and base64. What follows the prefix is no base64.";
  if (bytes.length >= MIN_KEY_BYTES) return null;
  return `Give the whole secret: the base64 after whsec_ holds ${bytes.length} bytes, and a key has ${MIN_KEY_BYTES} or more.`;
}

/** Headers that HTTP itself or proxies write: what stands there is not the producer's to choose. */
const NOT_FOR_SECRETS = new Set([
  ...[
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "accept-encoding",
    "date",
    "expect",
    "forwarded",
    "via",
  ],
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "x-real-ip"],
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"],
]);

function headerProblem(header: string): string | null {
  if (!NOT_FOR_SECRETS.has(header.toLowerCase())) return null;
  return `Name a header of the producer's own, such as x-api-key: HTTP and proxies write ${header.toLowerCase()}.`;
}
