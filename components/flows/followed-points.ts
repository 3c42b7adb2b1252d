// The line of success around a version: minutes without attempts leave no point.
import type { FollowedMinute } from "#server/contracts/version.ts";

export const PLOT = { width: 720, height: 84, left: 42, top: 16, bottom: 76 } as const;

/** The points of the line; empty where nothing was sent. The version stands in the middle. */
export function followedPoints(minutes: readonly FollowedMinute[], atMs: number, windowMinutes: number): string {
  const { width, left, top, bottom } = PLOT;
  const perMinute = (width - left) / (2 * windowMinutes);
  return minutes
    .map(({ at, delivered, failed }) => {
      const minute = (Date.parse(at) - atMs) / 60_000 + windowMinutes;
      const share = delivered / (delivered + failed);
      const x = Math.min(width, Math.max(left, left + minute * perMinute));
      return `${x.toFixed(1)},${(bottom - share * (bottom - top)).toFixed(1)}`;
    })
    .join(" ");
}
