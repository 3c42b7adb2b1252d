/** The kinds of mistake a caller can make. Each transport translates them to its own status once. */
export type AppErrorCode =
  | "BAD_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "PAYLOAD_TOO_LARGE"
  | "UNPROCESSABLE"
  | "TOO_MANY_REQUESTS"
  | "UNAVAILABLE";

/** The bound that keeps an error at a few KiB, however many mistakes there are or how long they are. */
export const MAX_ISSUES = 20;
const MAX_MESSAGE_CHARS = 1_000;
const MAX_ISSUE_CHARS = 300;

/** One wrong field of an input: `path` is dotted (`config.url`), `message` a sentence with the remedy. */
export interface FieldIssue {
  path: string;
  message: string;
}

/**
 * A caller's mistake. `message` is shown to the caller as it stands, so it names the field and the remedy
 * and never carries a secret, SQL or a stack. Expected outcomes are values, not errors; our own bugs are plain `Error`s.
 */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly issues: FieldIssue[] | undefined;

  constructor(code: AppErrorCode, message: string, issues?: FieldIssue[]) {
    super(clipped(message, MAX_MESSAGE_CHARS));
    this.name = "AppError";
    this.code = code;
    this.issues = issues?.slice(0, MAX_ISSUES).map((issue) => ({
      path: clipped(issue.path, MAX_ISSUE_CHARS),
      message: clipped(issue.message, MAX_ISSUE_CHARS),
    }));
  }
}

/** What somebody did to a resource since a caller had read it. */
export interface MeanwhileChange {
  actor_kind: string;
  actor_id: string;
  /** What the actor is called today. */
  actor_name: string | null;
  /** Whether the caller did it, at another place. */
  is_own: boolean;
  action: string;
  /** The paths of what changed, such as `config.rate_limit`. */
  fields: string[];
  created_at: string;
}

/** How a resource was changed since a caller had read it, the oldest change first. */
export interface ChangedSince {
  updated_at: string;
  changes: MeanwhileChange[];
}

/** A change of a resource that is not as its caller believes. Nothing of it was saved. */
export class ConflictError extends AppError {
  readonly changedSince: ChangedSince;

  constructor(message: string, changedSince: ChangedSince) {
    super("CONFLICT", message, [{ path: "if_updated_at", message }]);
    this.changedSince = changedSince;
  }
}

function clipped(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars).toWellFormed()}…`;
}

/** Thrown when nobody waits for the answer any more, so its work was dropped. */
export class CallerGone extends Error {
  constructor() {
    super("The caller closed the connection before its answer.");
    this.name = "CallerGone";
  }
}

/** The 404 of a resource that does not exist or belongs to another team: the two are indistinguishable on purpose. */
export const notFound = (kind: string, id: string) => new AppError("NOT_FOUND", `No ${kind} with the id ${id}.`);
