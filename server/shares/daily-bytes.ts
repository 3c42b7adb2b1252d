// A budget of bytes per day: in all, for each team, for each of its sources. Bytes that are left over in one hour are there
// in the next, up to an eighth of the day's bytes.

const DAY_MS = 24 * 3_600_000;
const BURST_PART = 1 / 8;
/** When others have used up a level, each one below it still has this part of its own. */
const FLOOR_PART = 1 / 16;

interface Bucket {
  bytesPerDay: number;
  left: number;
  floorLeft: number;
  filledAtMs: number;
}

export interface DailyBytes {
  /**
   * Takes `bytes` and returns true, or takes nothing and returns false.
   *
   * @param keys one for each level below the whole, such as team and source
   */
  take(keys: readonly string[], bytes: number, nowMs: number): boolean;
}

/** @param bytesPerDay of the whole, then of each one at the levels below it */
export function makeDailyBytes(bytesPerDay: readonly number[]): DailyBytes {
  const buckets = new Map<string, Bucket>();

  function bucketOf(key: string, level: number, nowMs: number): Bucket {
    const daily = bytesPerDay[level] ?? 0;
    let bucket = buckets.get(key);
    if (!bucket) {
      bucket = {
        bytesPerDay: daily,
        left: daily * BURST_PART,
        floorLeft: daily * FLOOR_PART * BURST_PART,
        filledAtMs: nowMs,
      };
      buckets.set(key, bucket);
    }
    const gained = (daily * Math.max(0, nowMs - bucket.filledAtMs)) / DAY_MS;
    bucket.left = Math.min(daily * BURST_PART, bucket.left + gained);
    bucket.floorLeft = Math.min(daily * FLOOR_PART * BURST_PART, bucket.floorLeft + gained * FLOOR_PART);
    bucket.filledAtMs = Math.max(bucket.filledAtMs, nowMs);
    return bucket;
  }

  return {
    take(keys, bytes, nowMs) {
      const path = ["", ...keys].map((_, level) => bucketOf(keys.slice(0, level).join("/"), level, nowMs));
      const isOpen = path.every((bucket, level) => bucket.left >= bytes || (path[level + 1]?.floorLeft ?? 0) >= bytes);
      if (!isOpen) return false;
      for (const [level, bucket] of path.entries()) {
        if (bucket.left >= bytes) bucket.left -= bytes;
        else if (path[level + 1]) (path[level + 1] as Bucket).floorLeft -= bytes;
      }
      return true;
    },
  };
}
