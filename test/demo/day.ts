// A day of traffic that could have been: what came when, what connections left out, which receiver was down, what was tried
// again. Pure: the same seed and the same moment make the same day.
import { createHash } from "node:crypto";
import { derivedId, newId } from "#server/ids.ts";
import { seeded } from "#test/support/seeded.ts";

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1000, 60_000, 3_600_000];
const DAY_MS = 24 * HOUR_MS;

export type DayProvider = "STRIPE" | "GITHUB" | "SHOPIFY";

export interface DayBranch {
  sourceId: string;
  connectionId: string;
  destinationId: string;
  /** Who sends to the source; Stripe when nothing is said. */
  provider?: DayProvider;
  /** How the day goes here. */
  kind: "well" | "filtered" | "outage" | "paused" | "failing" | "retrying";
}

export interface DayRequest {
  id: string;
  sourceId: string;
  atMs: number;
  type: string;
  headers: [name: string, value: string][];
  body: string;
  rejection: "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE" | "METHOD_NOT_ALLOWED" | null;
  duplicateOf: string | null;
}
export interface DayAttempt {
  id: string;
  number: number;
  atMs: number;
  latencyMs: number;
  status: number | null;
  error: "TIMEOUT" | "CONNECTION_REFUSED" | "BAD_RESPONSE" | null;
}
export interface DayEvent {
  id: string;
  request: DayRequest;
  branch: DayBranch;
  status: "DELIVERED" | "FAILED" | "RETRYING" | "HOLD";
  nextAtMs: number | null;
  attempts: DayAttempt[];
}
export interface DayIgnored {
  id: string;
  request: DayRequest;
  branch: DayBranch;
  cause: "FILTERED" | "DEDUPLICATED" | "TRANSFORMATION_FAILED";
}
export interface Day {
  requests: DayRequest[];
  events: DayEvent[];
  ignored: DayIgnored[];
}

const TYPES: Record<DayProvider, [string, ...string[]]> = {
  STRIPE: ["invoice.paid", "charge.refunded", "customer.subscription.updated", "payout.paid"],
  GITHUB: ["push", "pull_request", "issues"],
  SHOPIFY: ["orders/create", "orders/paid", "refunds/create"],
};
const AMPLITUDE = 0.45;
/** When the receiver with an outage was down, before now. */
const OUTAGE = { fromMs: 6 * HOUR_MS, toMs: 5.3 * HOUR_MS };
const PAUSED_SINCE_MS = 1.7 * HOUR_MS;
const DOWN_SINCE_MS = 25 * MINUTE_MS;
const BACKOFF_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS];

/** Times over the day, more by day than by night, in order. */
function arrivals(count: number, nowMs: number, random: () => number): number[] {
  const times: number[] = [];
  while (times.length < count) {
    const atMs = nowMs - 30 * SECOND_MS - random() * (DAY_MS - HOUR_MS);
    const busy = 1 + AMPLITUDE * Math.sin(((atMs % DAY_MS) / DAY_MS - 0.3) * 2 * Math.PI);
    if (random() * (1 + AMPLITUDE) < busy) times.push(Math.floor(atMs));
  }
  return times.sort((a, b) => a - b);
}

function tryOnce(number: number, atMs: number, isDown: boolean, random: () => number): DayAttempt {
  const refused = random() < 0.3;
  const status = isDown ? (refused ? null : 503) : 200;
  const error = isDown ? (refused ? ("CONNECTION_REFUSED" as const) : ("BAD_RESPONSE" as const)) : null;
  const latencyMs = refused && isDown ? 3 : 40 + 90 * random() ** 2 + (random() < 0.02 ? 500 : 0);
  return { id: newId("attempt", atMs), number, atMs, latencyMs, status, error };
}

function deliver(request: DayRequest, branch: DayBranch, nowMs: number, random: () => number): DayEvent {
  const id = derivedId("event", request.id, branch.connectionId);
  const base = { id, request, branch };
  if (branch.kind === "paused" && request.atMs > nowMs - PAUSED_SINCE_MS)
    return { ...base, status: "HOLD", nextAtMs: request.atMs, attempts: [] };
  const isPoison = branch.kind === "failing" && random() < 0.015;
  const isFlaky = random() < 0.012;
  const isDownAt = (atMs: number) =>
    (branch.kind === "outage" && atMs > nowMs - OUTAGE.fromMs && atMs < nowMs - OUTAGE.toMs) ||
    (branch.kind === "retrying" && atMs > nowMs - DOWN_SINCE_MS);
  const attempts: DayAttempt[] = [];
  for (let atMs = request.atMs + 40; ; ) {
    const isDown = isPoison || isDownAt(atMs) || (isFlaky && attempts.length === 0);
    attempts.push(tryOnce(attempts.length + 1, atMs, isDown, random));
    if (!isDown) return { ...base, status: "DELIVERED", nextAtMs: null, attempts };
    const waitMs = BACKOFF_MS[attempts.length - 1];
    if (waitMs === undefined || (isPoison && attempts.length === 3))
      return { ...base, status: "FAILED", nextAtMs: null, attempts };
    atMs += Math.round(waitMs * (0.9 + 0.2 * random()));
    // What waits is due in some hours, so that the picture of the day stays as it is for a while.
    if (atMs > nowMs) return { ...base, status: "RETRYING", nextAtMs: atMs + 2 * HOUR_MS, attempts };
  }
}

function judge(request: DayRequest, branch: DayBranch, nowMs: number, random: () => number, day: Day): void {
  const share = random();
  const cause =
    branch.kind === "filtered" && share < 0.45
      ? ("FILTERED" as const)
      : share > 0.985
        ? ("DEDUPLICATED" as const)
        : branch.kind === "filtered" && share > 0.98
          ? ("TRANSFORMATION_FAILED" as const)
          : null;
  if (cause === null) day.events.push(deliver(request, branch, nowMs, random));
  else day.ignored.push({ id: derivedId("ignored_event", request.id, branch.connectionId), request, branch, cause });
}

/** What the provider sends along. The proof has its form and no more: these requests were never at the door. */
function headersOf(provider: DayProvider, type: string, body: string, atMs: number): DayRequest["headers"] {
  const digest = createHash("sha256").update(body);
  const json: [string, string] = ["content-type", "application/json"];
  if (provider === "STRIPE") {
    return [json, ["stripe-signature", `t=${Math.floor(atMs / SECOND_MS)},v1=${digest.digest("hex")}`]];
  }
  if (provider === "GITHUB") {
    return [json, ["x-github-event", type], ["x-hub-signature-256", `sha256=${digest.digest("hex")}`]];
  }
  return [json, ["x-shopify-topic", type], ["x-shopify-hmac-sha256", digest.digest("base64")]];
}

function rejectionOf(random: () => number): DayRequest["rejection"] {
  const share = random();
  if (share < 0.018) return "VERIFICATION_FAILED";
  if (share < 0.022) return "TIMESTAMP_OUT_OF_TOLERANCE";
  return share < 0.024 ? "METHOD_NOT_ALLOWED" : null;
}

/** About `eventCount` events of the 23 hours before `nowMs`, over the branches given. */
export function makeDay(branches: readonly DayBranch[], eventCount: number, nowMs: number, seed: number): Day {
  const random = seeded(seed);
  const day: Day = { requests: [], events: [], ignored: [] };
  const sources = [...new Set(branches.map(({ sourceId }) => sourceId))];
  const perRequest = branches.length / sources.length;
  const latest = new Map<string, DayRequest>();
  for (const atMs of arrivals(Math.round(eventCount / perRequest), nowMs, random)) {
    const sourceId = sources[Math.floor(random() ** 1.5 * sources.length)] ?? "";
    const earlier = random() < 0.015 ? latest.get(sourceId) : undefined;
    const rejection = earlier ? null : rejectionOf(random);
    const provider = branches.find((branch) => branch.sourceId === sourceId)?.provider ?? "STRIPE";
    const types = TYPES[provider];
    const type = types[Math.floor(random() * types.length)] ?? types[0];
    const thing = { type, customer: `cus_${Math.floor(random() * 400)}`, amount: Math.floor(random() * 90_000) };
    const body = JSON.stringify(thing);
    const request: DayRequest = {
      id: newId("request", atMs),
      sourceId,
      atMs,
      type,
      headers: headersOf(provider, type, body, atMs),
      body,
      rejection,
      duplicateOf: earlier?.id ?? null,
    };
    day.requests.push(request);
    if (rejection || earlier) continue;
    latest.set(sourceId, request);
    for (const branch of branches) if (branch.sourceId === sourceId) judge(request, branch, nowMs, random, day);
  }
  return day;
}
