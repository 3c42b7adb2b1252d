// The state of a card, in one word. Pure.

import { openWords, refusalWords } from "#components/destination-drawer/breaker-words.ts";
import { formatCount } from "#components/ui/format.ts";
import type { BreakerReading } from "#server/contracts/breaker.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { LiveCounts } from "#server/contracts/live.ts";
import type { TopologyConnection, TopologyDestination, TopologySource } from "#server/contracts/topology.ts";
import type { CardAction, CardState, CardStateKind } from "./graph-types.ts";

/** The order of states in a list. */
export const WORST_FIRST: readonly CardStateKind[] = [
  "broken",
  "failing",
  "paused",
  "held",
  "retrying",
  "queued",
  "silent",
  "disabled",
  "delivering",
  "idle",
];
const RANKS = new Map(WORST_FIRST.map((kind, rank) => [kind, rank]));

/** The lower, the worse. What is well is all of one rank: traffic that comes and goes is no reason to stand elsewhere. */
export const rankOf = (kind: CardStateKind): number => RANKS.get(isHealthy(kind) ? "delivering" : kind) ?? 0;

export const isHealthy = (kind: CardStateKind): boolean => kind === "delivering" || kind === "idle";

const say = (kind: CardStateKind, word: string, more: Partial<CardState> = {}): CardState => ({
  kind,
  word,
  sinceMs: null,
  detail: "",
  ...more,
});

const since = (iso: string | null) => ({ sinceMs: iso === null ? null : Date.parse(iso) });

const until = (iso: string | null) => (iso === null ? {} : { untilMs: Date.parse(iso) });

/** Rates of a branch or a source, of the running and the last whole minute together; undefined before anything was heard. */
export interface Traffic {
  accepted_count: number;
  delivered_count: number;
  failed_count: number;
}

const flowing = (traffic: Traffic | undefined, count: number, word: string): CardState =>
  traffic === undefined
    ? say("idle", "No numbers yet")
    : count > 0
      ? say("delivering", word)
      : say("idle", "No traffic");

type Breaker = BreakerReading | null;

const isOpen = (breaker: BreakerReading): boolean => breaker.state === "open" || breaker.state === "half_open";

/** What a breaker says where it is not simply closed. */
function breakerState(breaker: Breaker, held: number): CardState | null {
  if (breaker === null) return null;
  const count = held > 0 ? `${formatCount(held)} held` : "";
  if (isOpen(breaker)) return say("held", openWords(breaker), { ...since(breaker.since), detail: count });
  return breaker.state === "ramping" && held > 0
    ? say("held", "Drains", { ...since(breaker.since), detail: count })
    : null;
}

export interface ConnectionFacts {
  connection: TopologyConnection;
  source: TopologySource;
  destination: TopologyDestination;
  counts: LiveCounts | undefined;
  traffic: Traffic | undefined;
  isLimitReached: boolean;
  /** When its source was last heard, where that is unusually long ago. */
  silentSinceMs: number | null;
  /** That of its destination. */
  breaker: Breaker;
  /** When the maintenance of its destination ends; null where there is none now. */
  maintenanceUntilMs: number | null;
}

/** A maintenance window of the destination lasts. */
const maintenance = (untilMs: number, detail: string): CardState =>
  say("held", "Maintenance", { untilMs, detail, icon: "clock" });

const OF_ENDPOINT: Partial<Record<HoldReason, string>> = {
  lease_expired: "Lease has run out",
  endpoint_unverified: "Not verified",
};

/** An endpoint has not renewed its lease, or not answered its challenge. */
function endpointState({ endpoint }: TopologyDestination, detail: string): CardState | null {
  const word = endpoint?.hold_reason && OF_ENDPOINT[endpoint.hold_reason];
  return word ? say("held", word, { detail, icon: "held" }) : null;
}

/** Held by a person's hand, or by the state of the destination. */
function stoppedState(facts: ConnectionFacts): CardState | null {
  const { connection, source, destination, counts, breaker, maintenanceUntilMs } = facts;
  const held = counts?.hold_count ?? 0;
  const detail = held > 0 ? `${formatCount(held)} held` : "";
  if (connection.disabled_at !== null) return say("disabled", "Disabled", { ...since(connection.disabled_at), detail });
  if (connection.paused_at !== null)
    return say("paused", "Paused", { ...since(connection.paused_at), ...until(connection.paused_until), detail });
  if (destination.unusable_because !== null)
    return say("broken", "Cannot send", { detail: destination.unusable_because });
  if (destination.disabled_at !== null) {
    const more = {
      ...since(destination.disabled_at),
      detail: `${detail || "nothing held"}, the destination is disabled`,
    };
    return held > 0
      ? say("held", "Destination disabled", { ...more, icon: "held" })
      : say("disabled", "Destination disabled", more);
  }
  const ofEndpoint = held > 0 ? endpointState(destination, detail) : null;
  if (ofEndpoint) return ofEndpoint;
  if (held > 0 && maintenanceUntilMs !== null) return maintenance(maintenanceUntilMs, detail);
  if (held > 0 && breaker && isOpen(breaker))
    return say("held", "Held by breaker", { ...since(breaker.since), detail });
  if (held > 0 && breaker?.state === "ramping") return say("held", "Drains", { detail });
  // Behind an event that has failed nothing moves by itself: what somebody has to see to is the failed one.
  const isBehindFailed = destination.ordering !== "none" && (counts?.failed_count ?? 0) > 0;
  if (held > 0 && !isBehindFailed && !flowsBeside(facts)) return say("held", "Held", { detail, icon: "held" });
  return source.disabled_at === null ? null : say("disabled", "Source disabled", since(source.disabled_at));
}

/** One group or one line of an order waits while others are delivered. */
const flowsBeside = ({ destination, traffic }: ConnectionFacts) =>
  (destination.has_groups || destination.ordering === "by_key") && isDelivering(traffic);

const isDelivering = (traffic: Traffic | undefined) =>
  traffic !== undefined && traffic.delivered_count > 0 && traffic.failed_count === 0;

export function connectionState(facts: ConnectionFacts): CardState {
  const { counts, traffic, isLimitReached, silentSinceMs } = facts;
  const stopped = stoppedState(facts);
  if (stopped && stopped.kind !== "disabled") return stopped;
  const failed = counts?.failed_count ?? 0;
  if (failed > 0) {
    const held = counts?.hold_count ?? 0;
    const behind = stopped === null && held > 0 ? `${formatCount(held)} held behind` : "";
    return say("failing", `${formatCount(failed)} failed`, {
      detail: isDelivering(traffic) ? "delivers again" : behind,
    });
  }
  if (stopped) return stopped;
  if ((counts?.retrying_count ?? 0) > 0) return say("retrying", "Retrying");
  if ((counts?.queued_count ?? 0) > 0 && isLimitReached)
    return say("queued", "Queued", { detail: "the limit is reached" });
  if (silentSinceMs !== null) return say("silent", "Silent", { sinceMs: silentSinceMs });
  return flowing(traffic, (traffic?.delivered_count ?? 0) + (traffic?.accepted_count ?? 0), "Delivering");
}

/** What a person can do now; null where nothing is to be done, or something else has to be done first. */
export function connectionAction(state: CardState, counts: LiveCounts | undefined): CardAction | null {
  const held = counts?.hold_count ?? 0;
  if (state.kind === "paused") return held > 0 ? { kind: "resume", count: held } : null;
  return state.kind === "failing" ? { kind: "replay", count: counts?.failed_count ?? 0 } : null;
}

/** Whether nothing goes on by itself: somebody has to look. */
export const needsPerson = (state: CardState, counts: LiveCounts | undefined): boolean =>
  state.kind === "broken" ||
  state.kind === "failing" ||
  (((state.kind === "paused" && state.untilMs === undefined) || state.word === "Destination disabled") &&
    (counts?.hold_count ?? 0) > 0);

export function sourceState(
  source: TopologySource,
  traffic: Traffic | undefined,
  silentSinceMs: number | null,
): CardState {
  if (source.unusable_because !== null) return say("broken", "Cannot verify", { detail: source.unusable_because });
  if (source.disabled_at !== null) return say("disabled", "Disabled", since(source.disabled_at));
  if (silentSinceMs !== null) return say("silent", "Silent", { sinceMs: silentSinceMs });
  return flowing(traffic, traffic?.accepted_count ?? 0, "Receiving");
}

export interface DestinationFacts {
  destination: TopologyDestination;
  /** What waits at all its connections. */
  counts: Omit<LiveCounts, "destination_id">;
  traffic: Traffic | undefined;
  isLimitReached: boolean;
  breaker: Breaker;
  maintenanceUntilMs: number | null;
}

export function destinationState({
  destination,
  counts,
  traffic,
  isLimitReached,
  breaker,
  maintenanceUntilMs,
}: DestinationFacts): CardState {
  const held = counts.hold_count;
  const detail = held > 0 ? `${formatCount(held)} held` : "";
  if (destination.unusable_because !== null)
    return say("broken", "Cannot send", { detail: destination.unusable_because });
  if (destination.disabled_at !== null)
    return say("disabled", "Disabled", { ...since(destination.disabled_at), detail });
  const ofEndpoint = endpointState(destination, detail);
  if (ofEndpoint) return ofEndpoint;
  if (maintenanceUntilMs !== null) return maintenance(maintenanceUntilMs, detail);
  const ofBreaker = breakerState(breaker, held);
  if (ofBreaker) return ofBreaker;
  if (breaker?.refusal)
    return say("failing", refusalWords(breaker.refusal), { detail: `${formatCount(breaker.refusal.count)} in a row` });
  if (traffic && traffic.failed_count > 0 && traffic.delivered_count === 0) return say("failing", "Failing");
  if (isLimitReached) return say("queued", "Limit reached");
  if (counts.retrying_count > 0) return say("retrying", "Retrying");
  return flowing(traffic, traffic?.delivered_count ?? 0, "Delivering");
}
