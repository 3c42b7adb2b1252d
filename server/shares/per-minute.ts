/** At most so many a minute of the clock for each key; what a key did not use is not kept for it. */
export interface PerMinute {
  /** Takes one and returns true, or takes nothing and returns the milliseconds until there are some again. */
  take(key: string, nowMs: number): true | { againInMs: number };
}

const MINUTE_MS = 60_000;

export function makePerMinute(max: number): PerMinute {
  let minute = -1;
  let taken = new Map<string, number>();
  return {
    take(key, nowMs) {
      const now = Math.floor(nowMs / MINUTE_MS);
      if (now !== minute) {
        minute = now;
        taken = new Map();
      }
      const count = taken.get(key) ?? 0;
      if (count >= max) return { againInMs: (now + 1) * MINUTE_MS - nowMs };
      taken.set(key, count + 1);
      return true;
    },
  };
}
