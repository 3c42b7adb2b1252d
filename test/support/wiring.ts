// What is wired, as the server tells it, in a few words: `wire("stripe>orders", "stripe>billing")`.
import type { LiveState } from "#components/live/live-state.ts";
import type { Topology, TopologyConnection, TopologyDestination, TopologySource } from "#server/contracts/topology.ts";

const UPDATED = "2026-05-29T12:00:00.000Z";

const source = (name: string): TopologySource => ({
  id: `src_${name}`,
  name,
  type: "WEBHOOK",
  url: `https://in.example/e/${name}`,
  auth_type: "NONE",
  verification: "none",
  unusable_because: null,
  disabled_at: null,
  updated_at: UPDATED,
});

const destination = (name: string): TopologyDestination => ({
  id: `des_${name}`,
  name,
  type: "HTTP",
  http_method: "POST",
  host: `${name}.example`,
  path: "/hooks",
  rate_limit: null,
  rate_limit_period: "minute",
  concurrency: 25,
  ordering: "none",
  has_groups: false,
  maintenance_windows: [],
  endpoint: null,
  unusable_because: null,
  disabled_at: null,
  updated_at: UPDATED,
});

const connection = (from: string, to: string): TopologyConnection => ({
  id: `web_${from}-${to}`,
  name: `${from}-${to}`,
  source_id: `src_${from}`,
  destination_id: `des_${to}`,
  rules: {},
  paused_at: null,
  paused_until: null,
  disabled_at: null,
  updated_at: UPDATED,
});

/** Each branch is `source>destination`; its connection is `web_source-destination`. An end without a branch stands alone: `source>`. */
export function wire(...branches: string[]): Topology {
  const pairs = branches.map((branch) => branch.split(">") as [string, string]);
  const names = (at: 0 | 1) => [...new Set(pairs.map((pair) => pair[at]).filter((name) => name !== ""))];
  return {
    sources: names(0).map(source),
    destinations: names(1).map(destination),
    connections: pairs.filter(([from, to]) => from !== "" && to !== "").map(([from, to]) => connection(from, to)),
    is_whole: true,
  };
}

type Changed<T> = Record<string, Partial<T>>;
const change = <T extends { id: string }>(rows: readonly T[], changes: Changed<T> = {}) =>
  rows.map((row) => (changes[row.id] ? { ...row, ...changes[row.id] } : row));

/** The same wiring with some fields changed, by id. */
export const rewire = (
  topology: Topology,
  changes: {
    sources?: Changed<TopologySource>;
    connections?: Changed<TopologyConnection>;
    destinations?: Changed<TopologyDestination>;
  },
): Topology => ({
  ...topology,
  sources: change(topology.sources, changes.sources),
  connections: change(topology.connections, changes.connections),
  destinations: change(topology.destinations, changes.destinations),
});

interface Heard {
  /** What waits at a connection, or has failed. */
  counts?: Record<string, Partial<Record<"queued" | "scheduled" | "retrying" | "hold" | "failed", number>>>;
  /** `[accepted, delivered, failed]` of a source or a connection. */
  rates?: Record<string, [accepted: number, delivered?: number, failed?: number]>;
  sources?: LiveState["sources"];
  destinations?: LiveState["destinations"];
}

/** What a page has heard. */
export function hear({ counts = {}, rates = {}, sources = {}, destinations = {} }: Heard = {}): LiveState {
  const entries = <T, R>(record: Record<string, T>, make: (value: T) => R) =>
    Object.fromEntries(Object.entries(record).map(([id, value]) => [id, make(value)]));
  return {
    requests: [],
    events: [],
    isAtLeast: false,
    counts: entries(counts, ({ queued = 0, scheduled = 0, retrying = 0, hold = 0, failed = 0 }) => ({
      destination_id: "",
      queued_count: queued,
      scheduled_count: scheduled,
      retrying_count: retrying,
      hold_count: hold,
      failed_count: failed,
    })),
    rates: entries(rates, ([accepted_count, delivered_count = 0, failed_count = 0]) => ({
      accepted_count,
      delivered_count,
      failed_count,
    })),
    sources,
    destinations,
  };
}
