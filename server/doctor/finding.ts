/** `unknown`: it could not be looked at from here. Only `fail` says that something is broken, or will break. */
export type Verdict = "ok" | "warn" | "fail" | "unknown";

/** One thing that was looked at. */
export interface Finding {
  /** A word or two, such as `public URL`. */
  check: string;
  verdict: Verdict;
  /** One sentence without secrets. */
  says: string;
  /** What to do, as a sentence; absent where there is nothing to do. */
  remedy?: string;
}

export const ok = (check: string, says: string): Finding => ({ check, verdict: "ok", says });
export const warn = (check: string, says: string, remedy: string): Finding => ({
  check,
  verdict: "warn",
  says,
  remedy,
});
export const fail = (check: string, says: string, remedy: string): Finding => ({
  check,
  verdict: "fail",
  says,
  remedy,
});
export const unknown = (check: string, says: string, remedy?: string): Finding => ({
  check,
  verdict: "unknown",
  says,
  ...(remedy && { remedy }),
});
