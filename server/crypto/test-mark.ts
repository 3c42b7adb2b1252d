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

/** @param secret SWITCHYARD_SECRET */
export function makeTestMarks(secret: string): TestMarks {
  const digest = makeHmac("sha256", Buffer.from(hkdfSync("sha256", secret, "", "switchyard test of a source", 32)));
  const sign = (kind: string, madeAt: string, sourceKey: string) => digest([`${kind}.${madeAt}.${sourceKey}`]);
  return {
    make: (kind, sourceKey, nowMs) => `${kind}.${nowMs}.${sign(kind, String(nowMs), sourceKey).toString("base64url")}`,
    read(mark, sourceKey, nowMs) {
      const [, kind, madeAt = "", given = ""] = MARK.exec(mark) ?? [];
      if (kind === undefined || Math.abs(nowMs - Number(madeAt)) > VALID_MS) return null;
      const isOurs = timingSafeEqual(Buffer.from(given, "base64url"), sign(kind, madeAt, sourceKey));
      return isOurs ? (kind as MarkKind) : null;
    },
  };
}
