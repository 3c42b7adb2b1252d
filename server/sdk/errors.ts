/** Codes of the client's own, for calls that no gateway answered as one. */
export type ClientErrorCode = "UNREACHABLE" | "TIMEOUT" | "BAD_ANSWER";

/** One wrong field of an input. */
export interface FieldIssue {
  /** Dotted, such as `config.url`. */
  path: string;
  message: string;
}

export interface ErrorDetails {
  code: string;
  status?: number | null;
  issues?: FieldIssue[];
  requestId?: string | null;
  retryAfterMs?: number | null;
  changedSince?: unknown;
  cause?: unknown;
}

/** A call that failed: refused by the gateway, or never answered by it. The message is a sentence with the remedy. */
export class SwitchyardError extends Error {
  override readonly name = "SwitchyardError";
  /** The API's, such as `NOT_FOUND` or `UNPROCESSABLE`, or one of {@link ClientErrorCode}. */
  readonly code: string;
  /** The status of HTTP; null where there was no answer. */
  readonly status: number | null;
  readonly issues: readonly FieldIssue[];
  /** The `x-request-id` of the answer, under which the gateway's log has the call. */
  readonly requestId: string | null;
  /** The time after which the gateway asked to be called again. */
  readonly retryAfterMs: number | null;
  /** With `CONFLICT` after an `if_updated_at`: who changed what. */
  readonly changedSince: unknown;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.status = details.status ?? null;
    this.issues = details.issues ?? [];
    this.requestId = details.requestId ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.changedSince = details.changedSince;
  }
}
