/** The kinds of mistake a caller can make. Each transport translates them to its own status once. */
export type AppErrorCode = "BAD_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "NOT_FOUND" | "CONFLICT" | "UNPROCESSABLE";

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
    super(message);
    this.name = "AppError";
    this.code = code;
    this.issues = issues;
  }
}

/** The 404 of a resource that does not exist or belongs to another team: the two are indistinguishable on purpose. */
export const notFound = (kind: string, id: string) => new AppError("NOT_FOUND", `No ${kind} with the id ${id}.`);
