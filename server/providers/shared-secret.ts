import { createHash, timingSafeEqual } from "node:crypto";
import { BY_ENDED_SECRET } from "./hmac-scheme.ts";
import { type Check, headerValues, type Inbound, rejected } from "./inbound.ts";

const MAX_CANDIDATES = 16;

/** Hashes have one length, so a comparison tells neither the secret's length nor how far a guess was right. */
const hash = (value: Buffer) => createHash("sha256").update(value).digest();

/** Whether two texts are the same, in a time that tells nothing of either. */
export const isSameText = (a: string, b: string): boolean =>
  timingSafeEqual(hash(Buffer.from(a, "utf8")), hash(Buffer.from(b, "utf8")));

/** Where a secret is sent as it is. */
export interface SecretPlace {
  /** `The header x-api-key` */
  words: string;
  /** What stands there, at most a few. */
  values: (inbound: Inbound) => readonly (Buffer | null)[];
}

/** @param read the bytes that one header value claims to know, or null when it is not of this scheme */
export const inHeader = (header: string, read: (value: string) => Buffer | null): SecretPlace => ({
  words: `The header ${header}`,
  values: (inbound) => headerValues(inbound, header).map(read),
});

/** A check by plain equality with one of two secrets. */
export function makeEqualityCheck(
  { words, values }: SecretPlace,
  expected: { secret: string; previousSecret: string | null; endedSecret?: string | null | undefined },
): Check {
  const hashes = [
    { with: "secret" as const, hash: hash(Buffer.from(expected.secret, "utf8")) },
    ...(expected.previousSecret === null
      ? []
      : [{ with: "previous_secret" as const, hash: hash(Buffer.from(expected.previousSecret, "utf8")) }]),
  ];
  const endedHash = expected.endedSecret ? hash(Buffer.from(expected.endedSecret, "utf8")) : null;
  return (inbound) => {
    let isEnded = false;
    const sent = values(inbound);
    if (sent.length === 0) return rejected(`${words} is missing.`);
    for (const claimed of sent.slice(0, MAX_CANDIDATES)) {
      if (claimed === null || claimed.length === 0) continue;
      const claimedHash = hash(claimed);
      const match = hashes.find((candidate) => timingSafeEqual(candidate.hash, claimedHash));
      if (match) return { kind: "authenticated", with: match.with };
      if (endedHash && timingSafeEqual(endedHash, claimedHash)) isEnded = true;
    }
    if (isEnded) return rejected(`${words} ${BY_ENDED_SECRET}`);
    return rejected(`${words} does not hold what this source expects.`);
  };
}
