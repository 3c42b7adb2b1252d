// The connections of a source by the event types that they ask for. Where there are hundreds, most are there for other types: these are
// left out by one look, without a judgement and without a row. docs/decisions/083-subscriptions-of-many.md
import type { CachedConnection } from "#server/config/config-cache.ts";
import { listedTypes, matchesGlob } from "#server/rules/event-type-glob.ts";

/** Up to so many connections of a source each leave a row that says why it was ignored. */
const MANY = 256;

interface Subscriptions {
  /** Those that are judged whatever the type is. */
  always: readonly CachedConnection[];
  exact: ReadonlyMap<string, readonly CachedConnection[]>;
  /** By glob: agents of one kind ask for the same. */
  globs: ReadonlyMap<string, readonly CachedConnection[]>;
}

// A list is made anew when one of its connections changes.
const known = new WeakMap<readonly CachedConnection[], Subscriptions>();

/** The connections of a source that judge a request with this event type, in the order of the list. */
export function connectionsFor(
  connections: readonly CachedConnection[],
  eventType: string | null,
): readonly CachedConnection[] {
  if (connections.length <= MANY) return connections;
  const { always, exact, globs } = subscriptionsOf(connections);
  const found = new Set(always);
  const types = eventType === null ? [] : listedTypes(eventType);
  if (types === null) return connections;
  for (const type of types) for (const connection of exact.get(type) ?? []) found.add(connection);
  for (const [glob, those] of globs) {
    if (types.some((type) => matchesGlob(glob, type))) for (const connection of those) found.add(connection);
  }
  if (found.size === connections.length) return connections;
  return [...found].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function subscriptionsOf(connections: readonly CachedConnection[]): Subscriptions {
  const there = known.get(connections);
  if (there) return there;
  const [always, exact, globs] = [[] as CachedConnection[], new Map(), new Map()];
  for (const connection of connections) {
    const asked = askedFor(connection);
    if (asked === null) always.push(connection);
    for (const glob of asked ?? []) {
      const by: Map<string, CachedConnection[]> = glob.includes("*") ? globs : exact;
      const those = by.get(glob);
      if (those) those.push(connection);
      else by.set(glob, [connection]);
    }
  }
  const made = { always, exact, globs };
  known.set(connections, made);
  return made;
}

/** The event types without which nothing of a connection is seen; null where another rule or a switch speaks first. */
function askedFor({ rules, isDisabled }: CachedConnection): readonly string[] | null {
  if (isDisabled || rules.some(({ type }) => type === "deduplicate" || type === "transform")) return null;
  const filter = rules.find((rule) => rule.type === "filter");
  if (filter?.event_type === undefined) return null;
  return typeof filter.event_type === "string" ? [filter.event_type] : filter.event_type;
}
