import { fetchNoKey, type Inbound, type Verification } from "#server/providers/inbound.ts";
import { type ResolvedAuth, verify as verifyAtDoor } from "#server/providers/verify.ts";

/** A check that needs nothing from outside, so it is judged at once, without a promise. */
export function verify(auth: ResolvedAuth, inbound: Inbound, nowMs: number): Verification {
  const outcome = verifyAtDoor(auth, inbound, nowMs, fetchNoKey);
  if (outcome instanceof Promise) throw new Error(`The check of ${auth.authType} made a promise.`);
  return outcome;
}
