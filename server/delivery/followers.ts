// The events behind the heads of blocked lines, which are held some at a time: however many there are, the lane does other work in
// between.
import type { Pool } from "#server/database/db.ts";
import type { HeldLease } from "./held-lease.ts";
import { holdFollowers } from "./order-lines.sql.ts";

export interface Followers {
  /** These lines are blocked now. */
  add(keys: readonly string[]): void;
  areLeft(): boolean;
  /** Holds some. Returns the lines of which none is left. */
  holdSome(): Promise<string[]>;
}

const HOLD_EVENTS = 500;

export function makeFollowers(pool: Pool, lease: Pick<HeldLease, "destinationId" | "token">): Followers {
  const blocked: string[] = [];
  return {
    add: (keys) => blocked.push(...keys),
    areLeft: () => blocked.length > 0,
    async holdSome() {
      const done: string[] = [];
      let left = HOLD_EVENTS;
      for (let [key] = blocked; key !== undefined; [key] = blocked) {
        left -= await holdFollowers(pool, lease, key, left);
        if (left === 0) break;
        done.push(key);
        blocked.shift();
      }
      return done;
    },
  };
}
