// The leases that lanes of this process ask for, and what is announced to them meanwhile.
import type { Pool } from "#server/database/db.ts";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { acquireLease, type Lease } from "./lease.sql.ts";

export interface AskedLeases {
  /**
   * Resolves to the lease; to null while another lane has it, which is then told of what was announced to nobody but this one.
   * @param isTold whether something was
   */
  ask(destinationId: string, isTold: boolean): Promise<Lease | null>;
  /** Announces work, as of a commit that is over, to a lane that asks: it finds it once it has the lease. False where none asks. */
  tell(destinationId: string): boolean;
}

export function makeAskedLeases(pool: Pool, holder: string): AskedLeases {
  const asking = new Map<string, { isTold: boolean }>();
  return {
    async ask(destinationId, isTold) {
      const entry = { isTold };
      asking.set(destinationId, entry);
      const lease = await acquireLease(pool, destinationId, holder).finally(() => asking.delete(destinationId));
      if (!lease && entry.isTold) await pool.query(wakeLanesStatement([destinationId]));
      return lease;
    },
    tell(destinationId) {
      const entry = asking.get(destinationId);
      if (entry) entry.isTold = true;
      return entry !== undefined;
    },
  };
}
