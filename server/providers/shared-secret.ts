import { createHash, timingSafeEqual } from "node:crypto";
import { type Check, headerValues, type Inbound, rejected } from "./inbound.ts";

const MAX_CANDIDATES = 16;

/** Hashes have one length, so a comparison tells neither the secret's length nor how far a guess was right. */
const hash = (value: Buffer) => createHash("sha256").update(value).digest();

/**
 * A check by plain equality with one of two secrets.
 *
 * @param read the bytes that one header value claims to know, or null when it is not of this scheme
 */
export function makeEqualityCheck(
  header: string,
  expected: { secret: string; previousSecret: string | null },
  read: (value: string, inbound: Inbound) => Buffer | null,
): Check {
  const hashes = [
    { with: "secret" as const, hash: hash(Buffer.from(expected.secret, "utf8")) },
    ...(expected.previousSecret === null
      ? []
      : [{ with: "previous_secret" as const, hash: hash(Buffer.from(expected.previousSecret, "utf8")) }]),
  ];
  return (inbound) => {
    const values = headerValues(inbound, header);
    if (values.length === 0) return rejected(`The header ${header} is missing.`);
    for (const value of values.slice(0, MAX_CANDIDATES)) {
      const claimed = read(value, inbound);
      if (claimed === null || claimed.length === 0) continue;
      const claimedHash = hash(claimed);
      const match = hashes.find((candidate) => timingSafeEqual(candidate.hash, claimedHash));
      if (match) return { kind: "authenticated", with: match.with };
    }
    return rejected(`The header ${header} does not hold what this source expects.`);
  };
}
