// What stands outside of the product and writes down what it did and saw: the client, the receivers, and the hand that breaks things.

export type Team = "ours" | "theirs";

/** One request as its sender knows it. Every request of a run has a number of its own, which stands in its path. */
export interface Sent {
  n: number;
  source: string;
  /** The value of its order key; a sender sends the next one of a key when the one before was answered. */
  key: string;
  isFiltered: boolean;
  /** SHA-256 of the body, in hex. */
  hash: string;
  sentAtMs: number;
  answeredAtMs: number;
  /** 0 when the connection failed or nothing was answered in time: the request may be stored or not. */
  status: number;
  requestId: string | null;
  isDuplicate: boolean;
  /** The provider's id of it, where its source knows one. */
  providerId: string | null;
}

/** One delivery as its receiver saw it. */
export interface Receipt {
  destination: string;
  eventId: string;
  requestId: string;
  connectionId: string;
  /** As its header says; the same number comes twice when the result of the first was lost. */
  attempt: number;
  /** From its path. */
  n: number;
  hash: string;
  /** When its headers were read. */
  atMs: number;
  /** How late this process may have been to read them. */
  lateMs: number;
  /** When its answer was given to the socket, or the socket closed. */
  endedAtMs: number;
  /** The status that was written; 0 when the receiver hung or broke off. */
  status: number;
  isSigned: boolean;
  /** `webhook-timestamp`. */
  signedAtMs: number;
}

/** A fault as it was done. It ends when what was broken is whole again. */
export interface FaultEntry {
  kind: string;
  /** The role, or the destination; empty for the database and for all. */
  target: string;
  fromMs: number;
  toMs: number;
}

/** A time in which a connection was paused, or its destination disabled: from the answer that said so to the call that ended it. */
export interface Quiet {
  connectionId: string;
  fromMs: number;
  toMs: number;
}

/** A delivered event that was replayed, with its attempts as they were before. */
export interface Replay {
  eventId: string;
  before: AttemptFact[];
}

export interface RequestFact {
  id: string;
  teamId: string;
  sourceId: string;
  /** From its path. */
  n: number;
  isAccepted: boolean;
  duplicateOf: string | null;
  eventsCount: number;
  ignoredCount: number;
  createdAtMs: number;
}

export interface EventFact {
  id: string;
  teamId: string;
  requestId: string;
  connectionId: string;
  status: string;
  attempts: number;
  holdReason: string | null;
  nextAttemptAtMs: number | null;
  createdAtMs: number;
}

export interface AttemptFact {
  id: string;
  teamId: string;
  eventId: string;
  connectionId: string;
  number: number;
  trigger: string;
  status: number | null;
  errorCode: string | null;
  latencyMs: number;
  createdAtMs: number;
}

/** A minute of the charts. Its key is the source of requests and the connection of events and attempts. */
export interface Counted {
  key: string;
  minuteMs: number;
  accepted: number;
  duplicates: number;
  events: number;
  attempts: number;
  delivered: number;
}

/** The rows that the public API of one team tells. */
export interface ToldRows {
  requests: RequestFact[];
  events: EventFact[];
  attempts: AttemptFact[];
}

/** What the public API tells of one team besides its rows. */
export interface ToldFacts {
  teamId: string;
  counted: Counted[];
  /** Bodies of some requests as the API gives them back: SHA-256 by id. */
  bodies: Map<string, string>;
  /** What the other team was answered when it asked for ids of this one. */
  foreign: { path: string; status: number }[];
}

export interface Told extends ToldRows, ToldFacts {}

/** How a connection was wired, so that a checker knows what must come of a request. */
export interface Wire {
  team: Team;
  source: string;
  sourceId: string;
  connectionId: string;
  destination: string;
  /** Only requests that are not to be filtered pass. */
  hasFilter: boolean;
  /** Made or deleted during the run: it has some events and not others. */
  isPartial: boolean;
}

export interface Limits {
  destination: string;
  /** Of each rolling second. */
  ratePerSecond: number | null;
  concurrency: number;
  /** Its receiver is well all the time and is reached without a relay, so that rate and concurrency can be measured there. */
  isMeasured: boolean;
  /** Requests of one key come in the order in which they were acknowledged. */
  isOrdered: boolean;
}

/** What is known of a whole run. */
export interface RunFacts {
  faults: FaultEntry[];
  quiets: Quiet[];
  replays: Replay[];
  wires: Wire[];
  limits: Limits[];
  told: Record<Team, ToldFacts>;
}

/** Some requests, and all that was logged and told of them. */
export interface Slice {
  sent: Sent[];
  receipts: Receipt[];
  told: Record<Team, ToldRows>;
}

/** A run, or a slice of one with what is known of the whole. */
export interface Evidence extends Omit<RunFacts, "told">, Omit<Slice, "told"> {
  told: Record<Team, Told>;
}

export interface Violation {
  /** Its number among the invariants that security demands. */
  invariant: number;
  sentence: string;
}
