// The choices of the closed filters, in the words of the pages. Each list is whole by its type: a value of a contract
// that has no word here does not compile.
import { EVENT_STATES } from "#components/ui/event-state.tsx";
import type { AttemptTrigger, ErrorCode } from "#server/contracts/attempt.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { EndReason, HoldReason } from "#server/contracts/event-life.ts";
import type { RejectionCause, Verification } from "#server/contracts/request.ts";

const choices = <Value extends string>(words: Record<Value, string>) =>
  Object.entries<string>(words).map(([value, label]) => ({ value, label }));

const STATUS_WORDS: Record<EventStatus, string> = {
  FAILED: EVENT_STATES.FAILED.word,
  RETRYING: EVENT_STATES.RETRYING.word,
  HOLD: EVENT_STATES.HOLD.word,
  QUEUED: EVENT_STATES.QUEUED.word,
  SCHEDULED: EVENT_STATES.SCHEDULED.word,
  DELIVERED: EVENT_STATES.DELIVERED.word,
  CANCELLED: EVENT_STATES.CANCELLED.word,
};
export const EVENT_STATUSES = choices(STATUS_WORDS);

const ERROR_WORDS: Record<ErrorCode, string> = {
  BAD_RESPONSE: "No 2xx answer",
  TIMEOUT: "Time-out",
  CONNECTION_REFUSED: "Connection refused",
  CONNECTION_RESET: "Connection reset",
  DNS_LOOKUP_FAILED: "Name not found",
  TLS_ERROR: "TLS failed",
  BLOCKED_ADDRESS: "Address blocked",
  TOO_MANY_REDIRECTS: "Too many redirects",
  INVALID_URL: "Invalid URL",
  PROTOCOL_ERROR: "Broken HTTP",
  CANCELLED: "Broken off",
  INTERNAL: "Fault of the gateway",
  REQUEST_GONE: "Request is gone",
};
export const ERROR_CODES = choices(ERROR_WORDS);

const HOLD_WORDS: Record<HoldReason, string> = {
  connection_paused: "Connection paused",
  breaker_open: "Breaker open",
  destination_disabled: "Destination disabled",
  waits_for_order: "Waits for its turn",
  group_paused: "Group paused",
  maintenance: "Maintenance",
  not_connected: "Listener away",
  lease_expired: "Lease has run out",
  endpoint_unverified: "Endpoint not verified",
};
export const HOLD_REASONS = choices(HOLD_WORDS);

const END_WORDS: Record<EndReason, string> = {
  exhausted: "Retries spent",
  gone: "Receiver is gone (410)",
  status_excluded: "Status is not retried",
  skipped_in_order: "Skipped in order",
  undeliverable: "Could not be sent",
};
export const END_REASONS = choices(END_WORDS);

const VERIFICATION_WORDS: Record<Verification, string> = {
  verified: "Signature verified",
  authenticated: "Token was right",
  failed: "Verification failed",
  unattempted: "Not verified",
};
export const VERIFICATIONS = choices(VERIFICATION_WORDS);

export const CAUSE_WORDS: Record<RejectionCause, string> = {
  VERIFICATION_FAILED: "signature",
  TIMESTAMP_OUT_OF_TOLERANCE: "timestamp",
  SOURCE_DISABLED: "source disabled",
  METHOD_NOT_ALLOWED: "method",
  RATE_LIMITED: "over the limit",
  PAYLOAD_TOO_LARGE: "too large",
  BODY_TIMEOUT: "body too slow",
  UNSUPPORTED_CONTENT_ENCODING: "encoding",
  HANDSHAKE: "handshake",
  NO_CONNECTION: "no connection",
};
export const REJECTION_CAUSES = choices(CAUSE_WORDS);

const TRIGGER_WORDS: Record<AttemptTrigger, string> = {
  INITIAL: "First try",
  AUTOMATIC: "Retry by itself",
  MANUAL: "Retried by hand",
  BULK: "Replay",
  UNPAUSE: "Resumed",
  PROBE: "Breaker's probe",
  DEAD_LETTER: "Dead letter",
};
export const TRIGGERS = choices(TRIGGER_WORDS);
