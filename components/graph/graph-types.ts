// The shapes that the graph is made of. The model says what each card and edge shows, and changes with the traffic; the
// layout says where they stand, and knows nothing of traffic: no number that changes by itself can move anything.
import type { IconName } from "#components/ui/icons.tsx";
import type { BreakerReading } from "#server/contracts/breaker.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import type { RatePeriod } from "#server/contracts/rate-period.ts";
import type { RuleOutline, TopologyDestination, TopologySource } from "#server/contracts/topology.ts";

export type CardKind = "source" | "connection" | "destination";

/** In the order of need: what stands first is the worst. */
export type CardStateKind =
  | "broken"
  | "failing"
  | "paused"
  | "held"
  | "retrying"
  | "queued"
  | "silent"
  | "disabled"
  | "delivering"
  | "idle";

export interface CardState {
  kind: CardStateKind;
  /** Never shown by colour alone: "Paused", "Limit reached", "Delivering". */
  word: string;
  /** Since when it is so, where that is known. */
  sinceMs: number | null;
  /** When it is over by itself, where that is known. */
  untilMs?: number;
  /** What is so, in some words, without times: "312 held". Empty where the word says all. */
  detail: string;
  /** In the place of the icon of its kind. */
  icon?: IconName;
}

/** The one thing that a person can do on a card, and that is safe now. */
export type CardAction = { kind: "resume"; count: number } | { kind: "replay"; count: number };

type BadgeState = Extract<EventStatus, "FAILED" | "HOLD" | "RETRYING" | "QUEUED" | "SCHEDULED">;
export interface Badge {
  state: BadgeState;
  count: number;
}
/** At most two are shown: the worst. */
export interface Badges {
  shown: readonly Badge[];
  /** How many kinds more there are. */
  hiddenCount: number;
}

export type EdgeState = "idle" | "flow" | "held" | "retrying" | "failing";
export interface EdgeLook {
  state: EdgeState;
  width: number;
  perMinute: number;
  /** How far from the connection the line goes on after its badges; nought without any. */
  badgesWidth: number;
}

export interface SourceCard {
  kind: "source";
  id: string;
  name: string;
  type: TopologySource["type"];
  url: string;
  verification: TopologySource["verification"];
  authType: TopologySource["auth_type"];
  unusableBecause: string | null;
  isDisabled: boolean;
  updatedAt: string;
  /** Undefined: not heard of yet. */
  perMinute: number | undefined;
  rejectedLastHour: number | undefined;
  lastRequestAtMs: number | null | undefined;
  state: CardState;
  connectionIds: readonly string[];
}

export interface ConnectionCard {
  kind: "connection";
  id: string;
  name: string;
  sourceId: string;
  destinationId: string;
  rules: RuleOutline;
  isPaused: boolean;
  pausedUntil: string | null;
  isDisabled: boolean;
  updatedAt: string;
  /** What is delivered; what the source offers it stands on the edge before it. */
  perMinute: number | undefined;
  state: CardState;
  /** Whether it waits for a person. It then has a strip with the state, the reason and the action. */
  needsYou: boolean;
  action: CardAction | null;
  badges: Badges;
}

export interface LimitUse {
  max: number;
  period: RatePeriod;
  /** Undefined: not heard of yet. */
  used: number | undefined;
  isReached: boolean;
  /** Who shares it, the greatest share first; what each takes is counted over the last minute. */
  sharers: readonly { connectionId: string; name: string; perMinute: number }[];
}

export interface DestinationCard {
  kind: "destination";
  id: string;
  name: string;
  type: TopologyDestination["type"];
  method: string | null;
  host: string | null;
  path: string | null;
  unusableBecause: string | null;
  isDisabled: boolean;
  updatedAt: string;
  limit: LimitUse | null;
  concurrency: number;
  ordering: TopologyDestination["ordering"];
  hasGroups: boolean;
  /** Of the sends that may go at once, those that are under way; undefined: not heard of yet. */
  inFlight: number | undefined;
  perMinute: number | undefined;
  queueDepth: number | undefined;
  oldestAtMs: number | null | undefined;
  p95Ms: number | null | undefined;
  breaker: BreakerReading | null;
  maintenanceWindows: readonly MaintenanceWindow[];
  /** Of a consumer that registered itself: the seconds of its lease, null for none; undefined for any other. */
  leaseSeconds: number | null | undefined;
  state: CardState;
  connectionIds: readonly string[];
}

export type Card = SourceCard | ConnectionCard | DestinationCard;

/** All cards by id. A card or an edge that did not change is the same object as before. */
export interface GraphModel {
  sources: ReadonlyMap<string, SourceCard>;
  connections: ReadonlyMap<string, ConnectionCard>;
  destinations: ReadonlyMap<string, DestinationCard>;
  /** By the ids that the layout gives the edges of what is not folded. */
  edges: ReadonlyMap<string, EdgeLook>;
  totals: GraphTotals;
  /** The rate of the edges that are as wide as an edge gets. */
  scale: number;
}

export interface GraphTotals {
  failed: number;
  held: number;
  retrying: number;
  queued: number;
  requestsPerMinute: number;
  eventsPerMinute: number;
  needsYou: number;
  /** Neither healthy nor waiting for a person. */
  movesOnByItself: number;
}

/**
 * `healthy`: branches of one destination, `cause`: branches that wait for the same at one destination, `destinations`: those
 * with nothing but healthy branches, with their branches, `sources`: those all of whose branches are folded.
 */
export type FoldKind = "healthy" | "cause" | "destinations" | "sources";
export interface Fold {
  id: string;
  kind: FoldKind;
  column: CardKind;
  /** The cards that it stands for, in their order. */
  memberIds: readonly string[];
  destinationId: string | null;
  /** What they have in common: "delivering" for what is healthy. */
  state: CardStateKind;
}

/** A card, or a fold in its place, in the order of its column. */
export interface LayoutCard {
  id: string;
  height: number;
}
export interface LayoutConnection extends LayoutCard {
  /** One, or those of all members of a fold. */
  sourceIds: readonly string[];
  destinationId: string;
}

export interface LayoutInput {
  canvasWidth: number;
  isCompact: boolean;
  sources: readonly LayoutCard[];
  connections: readonly LayoutConnection[];
  destinations: readonly LayoutCard[];
}

/** A place on a port at which one edge begins or ends. */
export interface Slot {
  edgeId: string;
  y: number;
}
/** The pill on a card's edge; positions are the world's. */
export interface Port {
  x: number;
  y: number;
  height: number;
  slots: readonly Slot[];
}
export interface LayoutNode {
  id: string;
  kind: CardKind;
  x: number;
  y: number;
  width: number;
  height: number;
  inPort: Port | null;
  outPort: Port | null;
}

/** `in` runs from a source to a connection, `out` from a connection to its destination. */
export interface LayoutEdge {
  id: string;
  side: "in" | "out";
  /** The connection, or the fold of connections, whose look it has. */
  connectionId: string;
  fromId: string;
  toId: string;
  from: { x: number; y: number };
  to: { x: number; y: number };
}

export interface Column {
  x: number;
  width: number;
}
export interface GraphLayout {
  nodes: readonly LayoutNode[];
  edges: readonly LayoutEdge[];
  columns: Readonly<Record<CardKind, Column>>;
  width: number;
  height: number;
}
