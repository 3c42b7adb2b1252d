// The state of a rotation of a source's secret, from what came in lately. Pure.
import type { RequestSummary } from "#server/contracts/request.ts";
import type { SecretUses } from "#server/contracts/secret-uses.ts";

export interface Rotation {
  current: number;
  previous: number;
  /** The share of the current secret among those that matched one; null where none did. */
  share: number | null;
  /** Nothing has matched the previous secret for an hour. */
  isSafeToEnd: boolean;
}

type Matched = Pick<RequestSummary, "verified_with" | "created_at">;

const HOUR_MS = 3_600_000;

/**
 * @param lately the newest requests; one from before the rotation matched what was the only secret then, so it does not count
 * @param previousUse when the previous secret matched last; undefined while that is not known
 * @param rotatedAt when the rotation began: an hour without a match begins there at the earliest
 */
export function rotationOf(
  lately: readonly Matched[],
  previousUse: Pick<SecretUses["data"][number], "last_used_at" | "stopped_at"> | undefined,
  rotatedAt: string,
  nowMs: number,
): Rotation {
  const since = Date.parse(rotatedAt);
  const isOf = (which: string) => (request: Matched) =>
    request.verified_with === which && Date.parse(request.created_at) >= since;
  const count = (which: string) => lately.filter(isOf(which)).length;
  const [current, previous] = [count("secret"), count("previous_secret")];
  // Where the look ended early, the last use may be right behind its end.
  const lastPrevious = previousUse?.last_used_at ?? previousUse?.stopped_at ?? rotatedAt;
  const quietSince = Math.max(since, Date.parse(lastPrevious));
  return {
    current,
    previous,
    share: current + previous === 0 ? null : current / (current + previous),
    isSafeToEnd: previousUse !== undefined && nowMs - quietSince >= HOUR_MS,
  };
}
