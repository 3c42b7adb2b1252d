// The stored form of a request: its head when it comes in, the rest once it has been judged.
import type { IncomingMessage } from "node:http";
import type { CachedSource } from "#server/config/config-cache.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { RejectionCause, Verification } from "#server/contracts/request.ts";
import { newRequestId } from "#server/ids.ts";
import { makeSentMask, type SentParts } from "#server/providers/sent-secrets.ts";
import type { ArrivalTarget } from "./arrival-target.ts";
import type { Evidence } from "./evidence.ts";
import type { Acceptance, Rejection } from "./judge.ts";

/** One arrival at the door, as it is stored. Absent fields become null. */
export interface Arrival {
  team_id: string;
  id: string;
  source_id: string;
  status: "accepted" | "rejected";
  verification: Verification;
  verified: boolean;
  verified_with?: "secret" | "previous_secret";
  rejection_cause?: RejectionCause;
  rejection_detail?: string;
  method: string;
  path: string;
  query: string;
  headers: HeaderList;
  content_type: string | null;
  /** The part of the body that is stored. */
  body: Buffer;
  body_bytes: number;
  event_type?: string;
  provider_event_id?: string;
  /** A later arrival at the source with the same key is a duplicate of this one. */
  duplicate_key?: string;
  /** False for a rejected arrival over the evidence cap: it is counted and not kept. */
  is_kept: boolean;
  /** The paths that are masked in it, in their stored form. */
  masks?: string;
  /** Sent from here to try the way in: it is not counted, and goes on to routing only where it asks to. */
  test?: "unrouted" | "routed";
  remote_ip: string;
  created_at: Date;
}

/** Why a request goes no further than the door. */
export type Reason = Pick<Rejection, "cause" | "detail">;

/** The part of an arrival that is known before the body is. */
export type ArrivalHead = Pick<
  Arrival,
  | "team_id"
  | "id"
  | "source_id"
  | "method"
  | "path"
  | "query"
  | "headers"
  | "content_type"
  | "remote_ip"
  | "test"
  | "masks"
  | "created_at"
>;

export function startArrival(
  request: IncomingMessage,
  source: CachedSource,
  target: ArrivalTarget,
  remoteIp: string,
  nowMs: number,
): ArrivalHead {
  const { rawHeaders } = request;
  const headers: HeaderList = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
  const { masked_paths } = source.config;
  return {
    ...(masked_paths.length > 0 && { masks: JSON.stringify(masked_paths) }),
    team_id: source.teamId,
    id: newRequestId(nowMs),
    source_id: source.id,
    method: request.method ?? "GET",
    path: target.path,
    query: target.query,
    headers,
    content_type: request.headers["content-type"] ?? null,
    remote_ip: remoteIp,
    created_at: new Date(nowMs),
  };
}

const masks = new WeakMap<CachedSource, (sent: SentParts) => SentParts>();

/** The head without the secrets that proved its sender. */
export function withoutSecrets(head: ArrivalHead, source: CachedSource): ArrivalHead {
  const { auth_type, auth } = source.config;
  const mask = masks.get(source) ?? makeSentMask(auth_type, auth, source.type);
  masks.set(source, mask);
  return { ...head, ...mask(head) };
}

export function acceptedArrival(
  head: ArrivalHead,
  { verification, verifiedWith, eventType, providerEventId, duplicateKey }: Acceptance,
  body: Buffer,
  { isConnected }: { isConnected: boolean },
): Arrival {
  return {
    ...head,
    status: "accepted",
    // Routing takes it back where the connection came meanwhile. What does not go on to routing is not judged.
    ...(!isConnected && head.test !== "unrouted" && { rejection_cause: "NO_CONNECTION" }),
    verification,
    verified: verifiedWith !== null,
    verified_with: verifiedWith ?? undefined,
    body,
    body_bytes: body.length,
    event_type: eventType ?? undefined,
    provider_event_id: providerEventId ?? undefined,
    // A test must not make a duplicate of an event that is still to come.
    duplicate_key: head.test === undefined ? (duplicateKey ?? undefined) : undefined,
    is_kept: true,
  };
}

const isUnproved = ({ cause }: Reason) => cause === "VERIFICATION_FAILED" || cause === "TIMESTAMP_OUT_OF_TOLERANCE";

/**
 * @param bodyBytes the bytes of the body that had come
 * @param isKept whether its evidence is stored, or it is only counted
 */
export function rejectedArrival(
  head: ArrivalHead,
  reason: Reason,
  { note, ...kept }: Evidence,
  { bodyBytes, isKept }: { bodyBytes: number; isKept: boolean },
): Arrival {
  return {
    ...head,
    ...kept,
    status: "rejected",
    verification: isUnproved(reason) ? "failed" : "unattempted",
    verified: false,
    rejection_cause: reason.cause,
    rejection_detail: reason.detail + note,
    body_bytes: bodyBytes,
    is_kept: isKept,
  };
}
