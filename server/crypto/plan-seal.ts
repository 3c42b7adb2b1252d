// The fingerprint of a plan: it proves that the very thing which is to be done now was planned before, by the same caller, and
// how much the plan said it would do. All processes derive its key from SWITCHYARD_SECRET, so any gateway may check it.
import { hkdfSync, timingSafeEqual } from "node:crypto";
import { makeHmac } from "./hmac.ts";

/** Long enough to ask a person; what has been planned before is another day's state. */
export const PLAN_VALID_MS = 15 * 60_000;

const SEAL = /^([0-9a-z]{1,10})-([0-9a-z]{1,10})-([A-Za-z0-9_-]{22})$/;
const MAC_BYTES = 16;

export type SealVerdict = { kind: "sealed"; count: number } | { kind: "expired" } | { kind: "other" };

export interface PlanSeals {
  /** @param plan everything that the run has to have in common with the plan, as JSON */
  make(plan: string, count: number, nowMs: number): string;
  check(fingerprint: string, plan: string, nowMs: number): SealVerdict;
}

const digestOf = (secret: string) =>
  makeHmac("sha256", Buffer.from(hkdfSync("sha256", secret, "", "switchyard plan of an agent", 32)));

/** @param secret SWITCHYARD_SECRET @param otherSecret SWITCHYARD_OTHER_SECRET: plans that were sealed under it still run */
export function makePlanSeals(secret: string, otherSecret?: string): PlanSeals {
  const digest = digestOf(secret);
  const digests = otherSecret === undefined ? [digest] : [digest, digestOf(otherSecret)];
  const macOf = (head: string, plan: string, by = digest) =>
    by([Buffer.from(`${head}-${plan}`)]).subarray(0, MAC_BYTES);
  return {
    make(plan, count, nowMs) {
      const head = `${nowMs.toString(36)}-${count.toString(36)}`;
      return `${head}-${macOf(head, plan).toString("base64url")}`;
    },
    check(fingerprint, plan, nowMs) {
      const [, madeAt = "", count = "", given] = SEAL.exec(fingerprint) ?? [];
      if (given === undefined) return { kind: "other" };
      const head = `${madeAt}-${count}`;
      const isOurs = digests.some((by) => timingSafeEqual(Buffer.from(given, "base64url"), macOf(head, plan, by)));
      if (!isOurs) return { kind: "other" };
      const ageMs = nowMs - Number.parseInt(madeAt, 36);
      return ageMs > PLAN_VALID_MS ? { kind: "expired" } : { kind: "sealed", count: Number.parseInt(count, 36) };
    },
  };
}
