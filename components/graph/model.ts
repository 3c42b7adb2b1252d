// The model of the graph: for every card and edge what is wired, with what is known of the traffic. Pure. What did not change
// since the model before stays the same object, so that one card with news is the only one that is drawn again.
import { type LiveState, rateMinutes } from "#components/live/live-state.ts";
import { maintenanceAt } from "#server/contracts/maintenance-times.ts";
import type { Topology, TopologyConnection, TopologyDestination, TopologySource } from "#server/contracts/topology.ts";
import {
  connectionAction,
  connectionState,
  destinationState,
  isHealthy,
  needsPerson,
  sourceState,
  type Traffic,
} from "./card-state.ts";
import { badgesOf, inLook, outLook, scaleOf } from "./edge-looks.ts";
import type {
  ConnectionCard,
  DestinationCard,
  EdgeLook,
  GraphModel,
  GraphTotals,
  LimitUse,
  SourceCard,
} from "./graph-types.ts";
import { inEdgeId, outEdgeId } from "./layout.ts";
import { COUNTS, NO_TRAFFIC, sumCounts, sumTraffic } from "./sums.ts";

type ById<T> = ReadonlyMap<string, T>;

interface Scene {
  live: LiveState;
  nowMs: number;
  sources: ById<TopologySource>;
  destinations: ById<TopologyDestination>;
  connections: readonly TopologyConnection[];
  bySource: ById<TopologyConnection[]>;
  byDestination: ById<TopologyConnection[]>;
  before: GraphModel | undefined;
}

/** What a card is made of: while all of it is the same, the card is. */
type Inputs = readonly unknown[];
const inputsOf = new WeakMap<object, Inputs>();

function kept<T extends object>(before: T | undefined, inputs: Inputs, make: () => T): T {
  const known = before && inputsOf.get(before);
  if (before && known?.length === inputs.length && known.every((input, i) => Object.is(input, inputs[i])))
    return before;
  const made = make();
  inputsOf.set(made, inputs);
  return made;
}

function grouped(rows: readonly TopologyConnection[], key: "source_id" | "destination_id"): ById<TopologyConnection[]> {
  const groups = new Map<string, TopologyConnection[]>();
  for (const row of rows) {
    const known = groups.get(row[key]);
    if (known) known.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
}

/** Undefined: nothing was heard yet. What was heard and is not named had none. */
const trafficOf = ({ rates }: LiveState, id: string): Traffic | undefined => rates && (rates[id] ?? NO_TRAFFIC);

/** Counts of the running and the last whole minute together, as so many a minute. */
const perMinute = (count: number, nowMs: number) => Math.round(count / rateMinutes(nowMs));
const rateOf = (count: number | undefined, nowMs: number) =>
  count === undefined ? undefined : perMinute(count, nowMs);

const silentSince = ({ sources }: LiveState, id: string): number | null => {
  const heard = sources?.[id];
  return heard?.is_silent && heard.last_request_at !== null ? Date.parse(heard.last_request_at) : null;
};

const isReached = ({ live }: Scene, { id, rate_limit }: TopologyDestination) =>
  rate_limit !== null && (live.destinations?.[id]?.limit_used_count ?? 0) >= rate_limit;

function makeConnection(scene: Scene, connection: TopologyConnection): ConnectionCard | undefined {
  const { live, nowMs, before } = scene;
  const source = scene.sources.get(connection.source_id);
  const destination = scene.destinations.get(connection.destination_id);
  if (!source || !destination) return undefined;
  const { id } = connection;
  const counts = live.counts?.[id];
  const traffic = trafficOf(live, id);
  const [silentSinceMs, isLimitReached] = [silentSince(live, source.id), isReached(scene, destination)];
  const breaker = live.destinations?.[destination.id]?.breaker ?? null;
  const maintenanceUntilMs = maintenanceAt(destination.maintenance_windows, nowMs).untilMs;
  const seen = [counts, traffic, silentSinceMs, isLimitReached, breaker?.state, maintenanceUntilMs];
  const inputs = [connection, source, destination, ...seen];
  return kept(before?.connections.get(id), inputs, (): ConnectionCard => {
    const facts = {
      connection,
      source,
      destination,
      counts,
      traffic,
      silentSinceMs,
      isLimitReached,
      breaker,
      maintenanceUntilMs,
    };
    const state = connectionState(facts);
    return {
      kind: "connection",
      id,
      name: connection.name,
      sourceId: source.id,
      destinationId: destination.id,
      rules: connection.rules,
      isPaused: connection.paused_at !== null,
      pausedUntil: connection.paused_until,
      isDisabled: connection.disabled_at !== null,
      updatedAt: connection.updated_at,
      perMinute: rateOf(traffic?.delivered_count, nowMs),
      state,
      needsYou: needsPerson(state, counts),
      action: connectionAction(state, counts),
      badges: badgesOf(counts),
    };
  });
}

function makeSource(scene: Scene, source: TopologySource): SourceCard {
  const { live, nowMs, before } = scene;
  const { id } = source;
  const [traffic, heard] = [trafficOf(live, id), live.sources?.[id]];
  const connections = scene.bySource.get(id) ?? [];
  const inputs = [source, traffic, live.sources !== undefined, heard, ...connections];
  return kept(before?.sources.get(id), inputs, () => ({
    kind: "source",
    id,
    name: source.name,
    type: source.type,
    url: source.url,
    verification: source.verification,
    authType: source.auth_type,
    unusableBecause: source.unusable_because,
    isDisabled: source.disabled_at !== null,
    updatedAt: source.updated_at,
    perMinute: rateOf(traffic?.accepted_count, nowMs),
    rejectedLastHour: live.sources && (heard?.rejected_count ?? 0),
    lastRequestAtMs: live.sources && (heard?.last_request_at ? Date.parse(heard.last_request_at) : null),
    state: sourceState(source, traffic, silentSince(live, id)),
    connectionIds: connections.map((connection) => connection.id),
  }));
}

function limitOf(
  scene: Scene,
  destination: TopologyDestination,
  branches: readonly { connection: TopologyConnection; traffic: Traffic | undefined }[],
): LimitUse | null {
  if (destination.rate_limit === null) return null;
  const heard = scene.live.destinations;
  const sharers = branches.map(({ connection, traffic }) => ({
    connectionId: connection.id,
    name: connection.name,
    perMinute: perMinute(traffic?.delivered_count ?? 0, scene.nowMs),
  }));
  return {
    max: destination.rate_limit,
    period: destination.rate_limit_period,
    used: heard && (heard[destination.id]?.limit_used_count ?? 0),
    isReached: isReached(scene, destination),
    sharers: sharers.sort((a, b) => b.perMinute - a.perMinute || (a.name < b.name ? -1 : 1)),
  };
}

function makeDestination(scene: Scene, destination: TopologyDestination): DestinationCard {
  const { live, nowMs, before } = scene;
  const { id } = destination;
  const connections = scene.byDestination.get(id) ?? [];
  const branches = connections.map((connection) => ({ connection, traffic: trafficOf(live, connection.id) }));
  const waiting = connections.map((connection) => live.counts?.[connection.id]);
  const heard = live.destinations?.[id];
  const maintenanceUntilMs = maintenanceAt(destination.maintenance_windows, nowMs).untilMs;
  const inputs = [
    destination,
    maintenanceUntilMs,
    live.destinations !== undefined,
    heard,
    live.counts !== undefined,
    live.rates !== undefined,
    ...connections,
    ...waiting,
    ...branches.map(({ traffic }) => traffic),
  ];
  return kept(before?.destinations.get(id), inputs, () => {
    const counts = sumCounts(waiting);
    const traffic = live.rates && sumTraffic(branches.map((branch) => branch.traffic));
    const isLimitReached = isReached(scene, destination);
    const breaker = heard?.breaker ?? null;
    return {
      kind: "destination",
      id,
      name: destination.name,
      type: destination.type,
      method: destination.http_method,
      host: destination.host,
      path: destination.path,
      unusableBecause: destination.unusable_because,
      isDisabled: destination.disabled_at !== null,
      updatedAt: destination.updated_at,
      limit: limitOf(scene, destination, branches),
      concurrency: destination.concurrency,
      ordering: destination.ordering,
      hasGroups: destination.has_groups,
      inFlight: live.destinations && (heard?.in_flight_count ?? 0),
      perMinute: rateOf(traffic?.delivered_count, nowMs),
      queueDepth: live.counts && COUNTS.slice(0, 4).reduce((sum, count) => sum + counts[count], 0),
      oldestAtMs: live.destinations && (heard?.oldest_at ? Date.parse(heard.oldest_at) : null),
      p95Ms: live.destinations && (heard?.latency_p95 ?? null),
      breaker,
      maintenanceWindows: destination.maintenance_windows,
      leaseSeconds: destination.endpoint === null ? undefined : destination.endpoint.ttl,
      state: destinationState({ destination, counts, traffic, isLimitReached, breaker, maintenanceUntilMs }),
      connectionIds: connections.map((connection) => connection.id),
    };
  });
}

type Cards = Pick<GraphModel, "sources" | "connections">;

const isSameLook = (a: EdgeLook | undefined, b: EdgeLook) =>
  a?.state === b.state && a.width === b.width && a.perMinute === b.perMinute && a.badgesWidth === b.badgesWidth;

function makeEdges(scene: Scene, { sources, connections }: Cards, scale: number): Map<string, EdgeLook> {
  const edges = new Map<string, EdgeLook>();
  const put = (id: string, look: EdgeLook) => {
    const known = scene.before?.edges.get(id);
    edges.set(id, known && isSameLook(known, look) ? known : look);
  };
  for (const { id, sourceId, state, badges, perMinute: delivered = 0 } of connections.values()) {
    put(inEdgeId(id, sourceId), inLook(sources.get(sourceId)?.perMinute ?? 0, scale));
    put(outEdgeId(id), outLook(state, badges, trafficOf(scene.live, id), delivered, scale));
  }
  return edges;
}

function totalsOf({ live }: Scene, model: Cards): GraphTotals {
  const cards = [...model.connections.values()];
  const counts = sumCounts(cards.map(({ id }) => live.counts?.[id]));
  const sum = (rates: readonly (number | undefined)[]) => rates.reduce<number>((total, rate) => total + (rate ?? 0), 0);
  const needsYou = cards.filter((card) => card.needsYou).length;
  return {
    failed: counts.failed_count,
    held: counts.hold_count,
    retrying: counts.retrying_count,
    queued: counts.queued_count,
    requestsPerMinute: sum([...model.sources.values()].map((card) => card.perMinute)),
    eventsPerMinute: sum(cards.map((card) => card.perMinute)),
    needsYou,
    movesOnByItself: cards.filter((card) => !card.needsYou && !isHealthy(card.state.kind)).length,
  };
}

const byId = <T extends { id: string }>(rows: readonly T[]): ById<T> => new Map(rows.map((row) => [row.id, row]));

/**
 * The model of what is wired and what was heard. Rates are counted to the second of `nowMs`; a card without news keeps the
 * rate that it had.
 */
export function deriveModel(topology: Topology, live: LiveState, nowMs: number, before?: GraphModel): GraphModel {
  const scene: Scene = {
    live,
    nowMs,
    before,
    sources: byId(topology.sources),
    destinations: byId(topology.destinations),
    connections: topology.connections,
    bySource: grouped(topology.connections, "source_id"),
    byDestination: grouped(topology.connections, "destination_id"),
  };
  const connections = byId(topology.connections.flatMap((connection) => makeConnection(scene, connection) ?? []));
  const sources = byId(topology.sources.map((source) => makeSource(scene, source)));
  const rates = [...connections.values(), ...sources.values()].map((card) => card.perMinute ?? 0);
  const scale = scaleOf(Math.max(0, ...rates), before?.scale ?? 0);
  return {
    sources,
    connections,
    destinations: byId(topology.destinations.map((destination) => makeDestination(scene, destination))),
    edges: makeEdges(scene, { sources, connections }, scale),
    totals: totalsOf(scene, { sources, connections }),
    scale,
  };
}
