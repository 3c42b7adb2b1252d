// W3C Trace Context (https://www.w3.org/TR/trace-context/): the trace that a request belongs to, and the ids of our spans in it.
import { hash } from "node:crypto";
import { traceIdOf } from "./packed-headers.ts";

type Pair = readonly [name: string, value: string];

export interface TraceContext {
  /** 32 hexadecimal digits, not all of them zero. */
  traceId: string;
  /** 16 hexadecimal digits, not all of them zero. */
  spanId: string;
  /** Two hexadecimal digits; the lowest bit says that the sender records the trace. */
  flags: string;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The trace that the first `traceparent` of `headers` names; null where there is none, or one that the standard calls invalid. */
export function readTrace(headers: readonly Pair[]): TraceContext | null {
  const value = headers.find(([name]) => name.length === 11 && name.toLowerCase() === "traceparent")?.[1] ?? "";
  const [, traceId, spanId, flags] = TRACEPARENT.exec(value) ?? [];
  return traceId && spanId && flags ? { traceId, spanId, flags } : null;
}

/** The trace of a request: its producer's, or one of its own that all its attempts share. */
export const traceOf = (requestId: string, sent: TraceContext | null): string => sent?.traceId ?? traceIdOf(requestId);

/** The span of a request's way in. Gateway and worker both know it, since it is made of the request's id. */
export const receiveSpanId = (requestId: string): string => hash("md5", `${requestId} received`).slice(0, 16);
