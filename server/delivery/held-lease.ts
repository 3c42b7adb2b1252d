import type { Clock } from "#server/process/clock.ts";
import { LEASE_MS, type Lease } from "./lease.sql.ts";

/** A process that was suspended must notice by its own clock, well before another may take over. */
const SAFETY_MS = 3_000;

/** A lease as its holder sees it: held until the last renewal expires by the holder's own clock, or until it is lost. */
export interface HeldLease extends Lease {
  /** The time that the acquiring statement took, in milliseconds: the lane's clock is behind the database's by less. */
  clockErrorMs: number;
  /** How many sends are under way, as the lane that has the lease says. */
  inFlight(): number;
  countInFlightBy(count: () => number): void;
  isHeld(): boolean;
  /** Extends the lease, which a statement sent at `sentAtMs` (monotonic) has renewed. */
  renewed(sentAtMs: number): void;
  /** Ends the lease: another lane has it. */
  lose(): void;
}

/** @param acquiredAtMs monotonic time at which the acquiring statement was sent */
export function holdLease(lease: Lease, acquiredAtMs: number, clock: Clock): HeldLease {
  let heldUntilMs = acquiredAtMs + LEASE_MS - SAFETY_MS;
  let inFlight = () => 0;
  return {
    ...lease,
    clockErrorMs: clock.monotonicMs() - acquiredAtMs,
    inFlight: () => inFlight(),
    countInFlightBy(count) {
      inFlight = count;
    },
    isHeld: () => clock.monotonicMs() < heldUntilMs,
    renewed(sentAtMs) {
      heldUntilMs = sentAtMs + LEASE_MS - SAFETY_MS;
    },
    lose() {
      heldUntilMs = 0;
    },
  };
}
