// The mark by which a gateway knows a call of its own installation: a test of the way in, or a question. All processes derive
// its key from SWITCHYARD_SECRET, so none has to be told of another.
import { hkdfSync, timingSafeEqual } from "node:crypto";
import { makeHmac } from "./hmac.ts";

/** A test that goes no further, one that is routed as any webhook is, or the question whether a source is known. */
export type MarkKind = "unrouted" | "routed" | "known";

export const MARK_HEADER = "x-switchyard-test";

/** Clocks of two machines differ a little, and a call is under way for a moment. */
const VALID_MS = 60_000;
const MARK = /^(unrouted|routed|known)\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

export interface TestMarks {
  /** @param sourceKey the only source that the mark is good for */
  make(kind: MarkKind, sourceKey: string, nowMs: number): string;
  /** Null for what is no mark, is for another source, or is older than a minute. */
  read(mark: string, sourceKey: string, nowMs: number): MarkKind | null;
}

const digestOf = (secret: string) =>
  makeHmac("sha256", Buffer.from(hkdfSync("sha256", secret, "", "switchyard test of a source", 32)));

/** @param secret SWITCHYARD_SECRET @param otherSecret SWITCHYARD_OTHER_SECRET: a process that was not started anew marks with it */
export function makeTestMarks(secret: string, otherSecret?: string): TestMarks {
  const digest = digestOf(secret);
  const digests = otherSecret === undefined ? [digest] : [digest, digestOf(otherSecret)];
  return {
    make: (kind, sourceKey, nowMs) =>
      `${kind}.${nowMs}.${digest([`${kind}.${nowMs}.${sourceKey}`]).toString("base64url")}`,
    read(mark, sourceKey, nowMs) {
      const [, kind, madeAt = "", given = ""] = MARK.exec(mark) ?? [];
      if (kind === undefined || Math.abs(nowMs - Number(madeAt)) > VALID_MS) return null;
      const signed = `${kind}.${madeAt}.${sourceKey}`;
      const isOurs = digests.some((each) => timingSafeEqual(Buffer.from(given, "base64url"), each([signed])));
      return isOurs ? (kind as MarkKind) : null;
    },
  };
}
