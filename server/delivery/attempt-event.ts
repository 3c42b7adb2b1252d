// One attempt: build, send, judge. Only `egress.send` touches the network, and it returns its failures.
import type { CachedConnection } from "#server/config/config-cache.ts";
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { RetryRule } from "#server/contracts/rule.ts";
import type { Egress, SendOutcome } from "#server/egress/client.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { newId } from "#server/ids.ts";
import type { Clock } from "#server/process/clock.ts";
import { nextAttempt } from "#server/rules/retry.ts";
import type { DueEvent } from "./due-events.sql.ts";
import {
  buildOutgoing,
  hopsOf,
  MAX_HOPS,
  maskHeaders,
  maskUrl,
  type Outgoing,
  type PreparedDestination,
  targetUrl,
} from "./outgoing.ts";
import type { Settlement } from "./settle.sql.ts";

export interface AttemptInput {
  event: DueEvent;
  request: SendableRequest;
  /** The exact bytes to deliver. */
  body: Buffer;
  prepared: PreparedDestination;
  connection: CachedConnection;
  token: string;
}

export interface AttemptTools {
  egress: Egress;
  clock: Clock;
  random: () => number;
  /** Ends what is on the wire when the process has to stop. */
  signal: AbortSignal;
  /** The bytes left for the receiver. */
  onSent: () => void;
}

/** Sends the event once and says what becomes of it. Never throws for what the network or the receiver does. */
export async function attemptEvent(input: AttemptInput, tools: AttemptTools): Promise<Settlement> {
  const startedAt = new Date(tools.clock.nowMs());
  const prepared = prepareAttempt(input, startedAt);
  if (prepared.kind === "refused") {
    const refusal = { kind: "error", code: prepared.code, seen: null, latencyMs: 0, phases: null } as const;
    return settle(input, tools, startedAt, prepared.outgoing, refusal);
  }
  const { outgoing } = prepared;
  const outcome = await tools.egress.send({
    teamId: input.event.team_id,
    url: outgoing.url,
    method: outgoing.method,
    headers: outgoing.headers,
    body: outgoing.body.length > 0 ? outgoing.body : null,
    timeoutMs: input.prepared.config.timeout_ms,
    signal: tools.signal,
    onSent: tools.onSent,
  });
  return settle(input, tools, startedAt, outgoing, outcome);
}

type PreparedAttempt =
  | { kind: "ready"; outgoing: Outgoing }
  | { kind: "refused"; code: ErrorCode; outgoing: Outgoing | null };

function prepareAttempt(input: AttemptInput, now: Date): PreparedAttempt {
  const { prepared, event, request, body } = input;
  if (prepared.url.kind === "refused") return { kind: "refused", code: prepared.url.code, outgoing: null };
  const url = targetUrl(prepared, prepared.url.url, event, request);
  if (url === null) return { kind: "refused", code: "INVALID_URL", outgoing: null };
  const outgoing = buildOutgoing(prepared, url, { event, request, body, now });
  return hopsOf(request) >= MAX_HOPS
    ? { kind: "refused", code: "BLOCKED_ADDRESS", outgoing }
    : { kind: "ready", outgoing };
}

function settle(
  input: AttemptInput,
  tools: AttemptTools,
  startedAt: Date,
  outgoing: Outgoing | null,
  result: SendOutcome,
): Settlement {
  const { event, prepared } = input;
  const seen = result.kind === "response" ? result : result.seen;
  const number = event.attempts + 1;
  const isDelivered = result.kind === "response" && result.status >= 200 && result.status < 300;
  const errorCode = result.kind === "error" ? result.code : isDelivered ? null : ("BAD_RESPONSE" as const);
  return {
    team_id: event.team_id,
    event_id: event.id,
    destination_id: event.destination_id,
    token: input.token,
    source_id: event.source_id,
    connection_id: event.connection_id,
    ...(isDelivered ? { status: "DELIVERED", next_attempt_at: null } : afterFailure(input, tools, result, number)),
    attempt: {
      team_id: event.team_id,
      id: newId("attempt", startedAt.getTime()),
      event_id: event.id,
      source_id: event.source_id,
      connection_id: event.connection_id,
      destination_id: event.destination_id,
      number,
      trigger: event.trigger,
      requested_url: maskUrl(prepared, outgoing?.url),
      http_method: outgoing?.method ?? input.request.method,
      request_headers: maskHeaders(outgoing?.headers ?? [], prepared.secretHeaders),
      response_status: seen?.status ?? null,
      response_headers: seen?.headers ?? null,
      response_body: seen?.body ?? null,
      error_code: errorCode,
      latency_ms: result.latencyMs,
      phases: result.phases,
      created_at: startedAt,
    },
  };
}

function afterFailure(
  input: AttemptInput,
  tools: AttemptTools,
  result: SendOutcome,
  number: number,
): Pick<Settlement, "status" | "next_attempt_at" | "ended_because"> {
  const now = new Date(tools.clock.nowMs());
  // We broke it off ourselves: it costs the event nothing and goes out again at once, from whoever runs next.
  if (result.kind === "error" && result.code === "CANCELLED") return { status: "RETRYING", next_attempt_at: now };
  const rule = input.connection.rules.find((each): each is RetryRule => each.type === "retry");
  const next = nextAttempt({
    policy: rule ?? input.prepared.config.retry,
    attempt: number - input.event.retries_counted_from,
    now,
    outcome: failureOf(result),
    random: tools.random,
  });
  return next.kind === "retry"
    ? { status: "RETRYING", next_attempt_at: next.at }
    : { status: "FAILED", next_attempt_at: null, ended_because: next.reason };
}

/** What the retry policy hears. A success that broke off is no status to it: a list of errors to retry would leave it out. */
function failureOf(result: SendOutcome): { status: number | null; retryAfter: string | null } {
  const seen = result.kind === "response" ? result : result.seen;
  if (!seen || (result.kind === "error" && seen.status < 300)) return { status: null, retryAfter: null };
  return { status: seen.status, retryAfter: retryAfterOf(seen.headers) };
}

const retryAfterOf = (headers: [string, string][]) =>
  headers.find(([name]) => name.toLowerCase() === "retry-after")?.[1] ?? null;
