// The way through the graph that a card is on: what lights up when somebody points at it. Pure.
import type { GraphLayout, GraphModel } from "./graph-types.ts";

/**
 * The cards, folds and edges of the layout on the way of a card or fold: of a source its fan-out, of a destination its
 * fan-in, of a connection its two ends.
 */
export function wayOf({ nodes, edges }: GraphLayout, id: string): ReadonlySet<string> {
  const kind = nodes.find((node) => node.id === id)?.kind;
  const touching = edges.filter(({ fromId, toId }) => fromId === id || toId === id);
  if (kind === "connection" || kind === undefined) {
    return new Set([id, ...touching.flatMap((edge) => [edge.id, edge.fromId, edge.toId])]);
  }
  const branches = new Set(touching.map(({ connectionId }) => connectionId));
  const further = edges.filter(
    ({ side, connectionId }) => branches.has(connectionId) && (side === "out") === (kind === "source"),
  );
  return new Set([id, ...branches, ...[...touching, ...further].flatMap((edge) => [edge.id, edge.fromId, edge.toId])]);
}

/** The next card that waits for a person, after this one and round again; undefined where none does. */
export function nextProblem(
  model: GraphModel,
  connectionIds: readonly string[],
  afterId: string | undefined,
): string | undefined {
  const start = afterId === undefined ? -1 : connectionIds.indexOf(afterId);
  const turned = [...connectionIds.slice(start + 1), ...connectionIds.slice(0, start + 1)];
  return turned.find((id) => model.connections.get(id)?.needsYou);
}
