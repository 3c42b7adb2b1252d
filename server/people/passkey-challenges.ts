// The challenge that an authenticator signs, so that its answer is fresh. It is made without a row, since strangers ask for it,
// and is good once.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { App } from "#server/auth/ctx.ts";
import { noteOnce, tryKey } from "./tries.ts";

/** A person looks for their key, and the browser asks for a finger. */
export const CHALLENGE_MS = 5 * 60_000;
const TIME_BYTES = 6;
const NONCE_BYTES = 16;
const MAC_BYTES = 32;

/** What the challenge is for; one for a log-in adds no key, and one of a person adds none to another. */
export type ChallengeUse = { kind: "sign-in" } | { kind: "add"; userId: string; sessionId: string };

const wordsOf = (use: ChallengeUse) => (use.kind === "add" ? `add ${use.userId} ${use.sessionId}` : use.kind);
const macOf = (secret: string, head: Buffer, use: ChallengeUse) =>
  createHmac("sha256", secret).update("passkey challenge").update(head).update(wordsOf(use)).digest();

/** @param secret of the log-in library */
export function makeChallenge(secret: string, use: ChallengeUse, now: Date): Buffer<ArrayBuffer> {
  const head = Buffer.alloc(TIME_BYTES + NONCE_BYTES);
  head.writeUIntBE(now.getTime() + CHALLENGE_MS, 0, TIME_BYTES);
  randomBytes(NONCE_BYTES).copy(head, TIME_BYTES);
  return Buffer.concat([head, macOf(secret, head, use)]);
}

/** Whether it was made here for this use, is of the last minutes, and was not taken before; it is used up. @param challenge in base64url */
export async function takeChallenge(
  app: Pick<App, "db" | "now">,
  secret: string,
  use: ChallengeUse,
  challenge: string,
): Promise<boolean> {
  const bytes = Buffer.from(challenge, "base64url");
  if (bytes.length !== TIME_BYTES + NONCE_BYTES + MAC_BYTES || bytes.toString("base64url") !== challenge) return false;
  const head = bytes.subarray(0, TIME_BYTES + NONCE_BYTES);
  if (!timingSafeEqual(bytes.subarray(head.length), macOf(secret, head, use))) return false;
  if (head.readUIntBE(0, TIME_BYTES) <= app.now().getTime()) return false;
  return noteOnce(app, tryKey("challenge", challenge), CHALLENGE_MS);
}
