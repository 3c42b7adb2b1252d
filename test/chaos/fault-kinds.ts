// The faults that a run can do, with how long each lasts. What it takes to do them is in faults-of-*.ts.

interface FaultLength {
  minMs: number;
  maxMs: number;
  /** Only on a machine that lets it, on such a database, or in a run that has the time. */
  needs?: "pair" | "small-disk" | "long";
}

export const FAULT_KINDS = {
  // Processes. A kill lasts until the process that follows is ready.
  "gateway-kill": { minMs: 0, maxMs: 1_000 },
  "gateway-stop": { minMs: 0, maxMs: 1_000 },
  "gateway-freeze": { minMs: 500, maxMs: 8_000 },
  "worker-kill": { minMs: 0, maxMs: 1_000 },
  "worker-stop": { minMs: 0, maxMs: 1_000 },
  "worker-freeze": { minMs: 1_000, maxMs: 25_000 },
  "rolling-restart": { minMs: 0, maxMs: 500 },
  "everything-kill": { minMs: 0, maxMs: 1_000 },
  "postgres-kill": { minMs: 100, maxMs: 5_000 },
  "postgres-stop": { minMs: 100, maxMs: 3_000 },
  "postgres-freeze": { minMs: 500, maxMs: 12_000 },
  "fail-over": { minMs: 0, maxMs: 0, needs: "pair" },
  "standby-kill": { minMs: 200, maxMs: 4_000, needs: "pair" },
  "disk-full": { minMs: 2_000, maxMs: 8_000, needs: "small-disk" },
  "worker-freeze-long": { minMs: 90_000, maxMs: 90_000, needs: "long" },
  "postgres-freeze-long": { minMs: 30_000, maxMs: 120_000, needs: "long" },
  // Somebody else's session.
  "connections-taken": { minMs: 500, maxMs: 6_000 },
  "long-transaction": { minMs: 3_000, maxMs: 20_000 },
  "long-transaction-long": { minMs: 600_000, maxMs: 600_000, needs: "long" },
  "worker-clock": { minMs: 2_000, maxMs: 15_000 },
  // The network between one role and its database.
  "database-cut": { minMs: 0, maxMs: 0 },
  "database-answers-cut": { minMs: 50, maxMs: 1_500 },
  "database-refuse": { minMs: 200, maxMs: 6_000 },
  "database-delay": { minMs: 500, maxMs: 6_000 },
  "database-slow": { minMs: 500, maxMs: 6_000 },
  "database-half-open": { minMs: 500, maxMs: 8_000 },
  "database-deaf": { minMs: 50, maxMs: 4_000 },
  // The network between the workers and one receiver.
  "receiver-cut": { minMs: 0, maxMs: 0 },
  "receiver-refuse": { minMs: 200, maxMs: 6_000 },
  "receiver-delay": { minMs: 500, maxMs: 6_000 },
  "receiver-slow": { minMs: 500, maxMs: 6_000 },
  "receiver-half-open": { minMs: 500, maxMs: 6_000 },
  "receiver-deaf": { minMs: 200, maxMs: 4_000 },
  // What one receiver does by itself.
  "receiver-hang": { minMs: 500, maxMs: 6_000 },
  "receiver-500": { minMs: 500, maxMs: 8_000 },
  "receiver-429": { minMs: 500, maxMs: 6_000 },
  "receiver-redirect": { minMs: 500, maxMs: 5_000 },
  "receiver-break-off": { minMs: 500, maxMs: 5_000 },
  "receiver-trickle": { minMs: 500, maxMs: 5_000 },
  "receiver-sluggish": { minMs: 500, maxMs: 8_000 },
  // What people change meanwhile.
  pause: { minMs: 2_500, maxMs: 8_000 },
  disable: { minMs: 2_500, maxMs: 8_000 },
  "delete-connection": { minMs: 1_000, maxMs: 6_000 },
  "move-url": { minMs: 500, maxMs: 5_000 },
  "change-order": { minMs: 500, maxMs: 5_000 },
  "change-limit": { minMs: 500, maxMs: 5_000 },
  "config-storm": { minMs: 2_000, maxMs: 6_000 },
  "rotate-secret": { minMs: 0, maxMs: 0 },
  // A provider that sends one event a hundred times at once, over both gateways.
  "provider-burst": { minMs: 0, maxMs: 0 },
  replay: { minMs: 0, maxMs: 0 },
} as const satisfies Record<string, FaultLength>;

export type FaultKind = keyof typeof FAULT_KINDS;

export const ALL_KINDS = Object.keys(FAULT_KINDS) as FaultKind[];

export const isFaultKind = (name: string): name is FaultKind => Object.hasOwn(FAULT_KINDS, name);

/** What a kind asks of its surroundings; undefined: nothing. */
export const needOf = (kind: FaultKind): FaultLength["needs"] => (FAULT_KINDS[kind] as FaultLength).needs;
