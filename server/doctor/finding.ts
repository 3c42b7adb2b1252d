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

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** `1536` is `1.5 KiB`. */
export function inBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
}

/** `90` is `90 s`, `7200` is `2 h`. */
export function inSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
