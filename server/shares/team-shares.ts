// The resources that callers of one process share, and the part of each that one team may take.
import { type HeldBytes, makeHeldBytes } from "./held-bytes.ts";
import { makePerMinute, type PerMinute } from "./per-minute.ts";
import { makeReadTurns, type ReadTurns } from "./read-turns.ts";
import { makeTurns, type Turns } from "./turns.ts";

/**
 * `runs` try code and may wait for the sandbox, `dryRuns` judge a thousand requests there, `searches` for connections of their own; `verbs` are all other operations.
 * `flows` read the whole configuration of a team, `flowApplies` write it and may last for minutes.
 * `publishes` wait for connections of their own as well, `outside` for an answer from outside. `tunnels` wait for events that are to come. `bodies` are large bodies while they are read: many at once would take the thread from everybody else.
 */
export type TurnKind =
  | "verbs"
  | "runs"
  | "dryRuns"
  | "searches"
  | "publishes"
  | "outside"
  | "bodies"
  | "tunnels"
  | "flows"
  | "flowApplies";

export interface TeamShares {
  turns: Record<TurnKind, Turns>;
  /** Registrations of endpoints: each changes the configuration of every process. */
  registrations: PerMinute;
  /** The bodies of API calls under way and answers that are not sent yet. */
  bytes: HeldBytes;
  /** Of large bodies, at the door as well. */
  reads: ReadTurns;
}

/** Each has a connection. A team never has all: publishes with one idempotency key wait for each other in the database. */
export const PUBLISHES_AT_ONCE = 3;
/** Listeners of a team. Each may have two calls: the one of before may not have noticed yet that its caller is gone. */
export const MAX_TUNNELS = 20;
const REGISTRATIONS_PER_MINUTE = 1_000;
const HELD_BYTES = 128 * 1024 * 1024;

export const makeTeamShares = (): TeamShares => ({
  turns: {
    verbs: makeTurns({ max: 64, maxPerTeam: 4, maxWaitingPerTeam: 1_000 }),
    searches: makeTurns({ max: 64, maxPerTeam: 4, maxWaitingPerTeam: 40 }),
    publishes: makeTurns({ max: PUBLISHES_AT_ONCE, maxPerTeam: PUBLISHES_AT_ONCE - 1, maxWaitingPerTeam: 1_000 }),
    // Of all teams as many as like: a sender that stalls keeps its turn, and holds up nobody but its own team.
    bodies: makeTurns({ max: Number.POSITIVE_INFINITY, maxPerTeam: 2, maxWaitingPerTeam: 1_000 }),
    // They cost next to nothing while they wait, and what does not answer holds up nobody else.
    outside: makeTurns({ max: Number.POSITIVE_INFINITY, maxPerTeam: 2, maxWaitingPerTeam: 12 }),
    tunnels: makeTurns({ max: 1_000, maxPerTeam: 2 * MAX_TUNNELS, maxWaitingPerTeam: 0 }),
    runs: makeTurns({ max: 16, maxPerTeam: 4, maxWaitingPerTeam: 12 }),
    // Each may hold 64 MiB of configuration.
    flows: makeTurns({ max: 2, maxPerTeam: 1, maxWaitingPerTeam: 12 }),
    // Each has a connection for as long as it lasts. Nobody who only reads waits for one.
    flowApplies: makeTurns({ max: 2, maxPerTeam: 1, maxWaitingPerTeam: 12 }),
    // Each holds 2 MiB of bodies and lasts up to 8 s.
    dryRuns: makeTurns({ max: 32, maxPerTeam: 2, maxWaitingPerTeam: 12 }),
  },
  registrations: makePerMinute(REGISTRATIONS_PER_MINUTE),
  bytes: makeHeldBytes(HELD_BYTES),
  reads: makeReadTurns(),
});
