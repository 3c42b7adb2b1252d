// One attempt: send the event, then judge the outcome. A sender returns its failures as values.
import type { CachedConnection, CachedDestination } from "#server/config/config-cache.ts";
import type { BranchIds } from "#server/contracts/branch.ts";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import type { RetryRule } from "#server/contracts/rule.ts";
import type { DatabaseTime } from "#server/database/database-time.ts";
import type { Sender, Sending } from "#server/delivery/senders/sender.ts";
import type { SendOutcome } from "#server/egress/client.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { newId } from "#server/ids.ts";
import type { Clock } from "#server/process/clock.ts";
import { nextAttempt } from "#server/rules/retry.ts";
import type { DueEvent } from "./due-events.sql.ts";
import type { Settlement } from "./settle.sql.ts";

export interface AttemptInput {
  event: DueEvent;
  request: SendableRequest;
  /** The exact bytes to deliver. */
  body: Buffer;
  connection: CachedConnection;
  destination: Pick<CachedDestination, "config">;
  token: string;
}

/** The part of a try that its end is judged by. */
type Settled = Omit<AttemptInput, "request" | "body" | "event" | "destination"> & {
  event: Pick<DueEvent, keyof BranchIds | "attempts" | "retries_counted_from" | "trigger">;
  destination: { config: Pick<CachedDestination["config"], "retry"> };
};

export interface AttemptTools {
  sender: Sender;
  clock: Clock;
  /** The time by which events are due, and the earliest that it may be elsewhere. */
  dueClock: Pick<Clock, "nowMs"> & Pick<DatabaseTime, "earliestMs">;
  random: () => number;
  /** Called when the bytes leave for the receiver. */
  onSent: () => void;
}

/** Sends the event once and decides what becomes of it. Never throws for what the network or the receiver does. */
export async function attemptEvent(input: AttemptInput, tools: AttemptTools): Promise<Settlement> {
  const { event, request, body } = input;
  const startedAt = new Date(tools.clock.nowMs());
  const sending = await tools.sender.send(event, request, body, { startedAt, onSent: tools.onSent });
  return settleAttempt(input, tools, startedAt, sending);
}

/** What becomes of an event whose try has come to this. */
export function settleAttempt(
  input: Settled,
  tools: Pick<AttemptTools, "dueClock" | "random">,
  startedAt: Date,
  sending: Sending,
): Settlement {
  const { event } = input;
  const { outcome: result } = sending;
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
      requested_url: sending.requestedUrl,
      http_method: sending.method,
      request_headers: sending.headers,
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
  input: Settled,
  tools: Pick<AttemptTools, "dueClock" | "random">,
  result: SendOutcome,
  number: number,
): Pick<Settlement, "status" | "next_attempt_at" | "ended_because"> {
  // We broke the attempt off ourselves. It costs the event nothing: the next worker that runs sends it again at once.
  if (result.kind === "error" && result.code === "CANCELLED")
    return { status: "RETRYING", next_attempt_at: new Date(tools.dueClock.earliestMs()) };
  const now = new Date(tools.dueClock.nowMs());
  // The rule is about the connection's own destination: a dead letter goes to another, which may be worth more tries.
  const isOwn =
    input.event.destination_id === input.connection.destinationId || input.event.connection_id === DEBUG_COPIES;
  const rule = isOwn ? input.connection.rules.find((each): each is RetryRule => each.type === "retry") : undefined;
  const next = nextAttempt({
    policy: rule ?? input.destination.config.retry,
    attempt: number - input.event.retries_counted_from,
    now,
    outcome: failureOf(result),
    random: tools.random,
  });
  return next.kind === "retry"
    ? { status: "RETRYING", next_attempt_at: next.at }
    : { status: "FAILED", next_attempt_at: null, ended_because: next.reason };
}

/**
 * The failure as the retry policy sees it. A success that broke off has no status there: a list of statuses to retry would
 * not name it.
 */
function failureOf(result: SendOutcome): { status: number | null; retryAfter: string | null } {
  const seen = result.kind === "response" ? result : result.seen;
  if (!seen || (result.kind === "error" && seen.status < 300)) return { status: null, retryAfter: null };
  return { status: seen.status, retryAfter: retryAfterOf(seen.headers) };
}

const retryAfterOf = (headers: [string, string][]) =>
  headers.find(([name]) => name.toLowerCase() === "retry-after")?.[1] ?? null;
