// Problems of settings that are well formed but could never verify a request. They are told when the settings are saved,
// and not by a 401 for each webhook.
import { HOP_BY_HOP } from "#server/contracts/hop-by-hop.ts";
import { MARK_HEADER } from "#server/crypto/test-mark.ts";
import { type KeyFormat, keyBytes, keyWords } from "./key-format.ts";
import type { AuthProblem } from "./provider.ts";

/** Standard Webhooks asks for 24 to 64 bytes; fewer than these are a slip of the hand, or a secret that can be guessed. */
const MIN_KEY_BYTES = 16;
const PREFIX_ALONE = /^[a-z]{1,12}_$/i;
const CONTROL = /\p{Cc}/u;

type TwoSecrets = { secret: string; previous_secret?: string | null | undefined };

/** @param format how a key is written as a secret, where it is not the secret's own bytes */
export function secretProblems({ secret, previous_secret }: TwoSecrets, format?: KeyFormat): AuthProblem[] {
  return problemsOf({ secret, previous_secret }, (value) => secretProblem(value, format));
}

/** Secrets that are sent as they are, in a header. */
export function sentSecretProblems(secrets: Record<string, string | null | undefined>): AuthProblem[] {
  return problemsOf(secrets, (value) =>
    CONTROL.test(value) ? "Leave out line breaks and control characters: no header can carry them." : null,
  );
}

function problemsOf(
  values: Record<string, string | null | undefined>,
  problem: (value: string) => string | null,
): AuthProblem[] {
  return Object.entries(values).flatMap(([field, value]) => {
    const message = typeof value === "string" ? problem(value) : null;
    return message === null ? [] : [{ field, message }];
  });
}

function secretProblem(secret: string, format: KeyFormat | undefined): string | null {
  if (PREFIX_ALONE.test(secret)) return `Give the whole secret: ${secret} is only its beginning.`;
  if (!format) return null;
  const bytes = keyBytes(secret, format);
  const { encoding, prefix } = format;
  if (bytes === null) {
    const rest = prefix ? "What follows the prefix" : "This";
    return `Give the secret as the provider shows it: ${keyWords(format)}. ${rest} is no ${encoding}.`;
  }
  if (bytes.length >= MIN_KEY_BYTES) return null;
  const where = prefix ? `the ${encoding} after ${prefix}` : `its ${encoding}`;
  return `Give the whole secret: ${where} holds ${bytes.length} bytes, and a key has ${MIN_KEY_BYTES} or more.`;
}

/** Headers that HTTP itself or proxies write: what stands there is not the producer's to choose. */
const NOT_FOR_SECRETS = new Set([
  ...HOP_BY_HOP,
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
  ...["x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"],
]);

/** @param field the one that names the header */
export function headerProblems(field: string, header: string): AuthProblem[] {
  const name = header.toLowerCase();
  const isOurs = name === MARK_HEADER;
  if (!isOurs && !NOT_FOR_SECRETS.has(name)) return [];
  const message = `Name a header of the producer's own, such as x-api-key: ${isOurs ? "Switchyard itself writes" : "HTTP and proxies write"} ${name}.`;
  return [{ field, message }];
}
