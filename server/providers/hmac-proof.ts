// The sender's side of a symmetric signature: what is signed in a request that is to be sent, and how it is written.
import type { HeaderList } from "#server/contracts/header-list.ts";
import { type HmacAlgorithm, makeHmac } from "#server/crypto/hmac.ts";
import type {
  Encoding,
  HmacScheme,
  HmacSettings,
  SignatureMade,
  SignedMessage,
  WrittenSignature,
} from "./hmac-scheme.ts";
import type { Inbound } from "./inbound.ts";
import { type KeyFormat, keyBytes } from "./key-format.ts";

/** A signature that is still to be computed: the bytes under it, and where it goes. */
export interface HmacProof {
  kind: "hmac";
  algorithm: HmacAlgorithm;
  encoding: Encoding;
  key: KeyFormat | undefined;
  parts: SignedMessage["parts"];
  headers: HeaderList;
  header: string;
  value: (digest: string) => string;
}

const NOTHING_BESIDE: WrittenSignature = { headers: [], value: (digest) => digest };

/**
 * What `scheme.read` finds in the draft once the provider's headers are written is what gets signed, so a signer can never
 * come to differ from the check.
 */
export function proveByHmac(
  scheme: HmacScheme,
  header: string,
  settings: HmacSettings,
  draft: Inbound,
  made: Omit<SignatureMade, "header">,
): HmacProof | null {
  const { headers: all, value } = scheme.write?.({ ...made, header }) ?? NOTHING_BESIDE;
  // A header that names the event may be under the signature as well.
  const headers = all.filter(([name]) => !draft.headers.some(([known]) => known.toLowerCase() === name));
  const unsigned = value("");
  const written: HeaderList = [...draft.headers, ...headers, [header, unsigned]];
  const reading = scheme.read({ ...draft, headers: written }, header, [unsigned]);
  const [message] = reading.kind === "read" ? reading.messages : [];
  if (!message) return null;
  return {
    kind: "hmac",
    algorithm: settings.algorithm ?? scheme.algorithm,
    encoding: settings.encoding ?? scheme.encoding ?? "hex",
    key: scheme.key,
    parts: message.parts,
    headers,
    header,
    value,
  };
}

/** The digest with the secret, as the sender writes it; null where the secret is no key of the scheme. */
export function digestOf({ algorithm, encoding, key, parts }: HmacProof, secret: string): string | null {
  const bytes = keyBytes(secret, key);
  return bytes ? makeHmac(algorithm, bytes)(parts).toString(encoding) : null;
}
