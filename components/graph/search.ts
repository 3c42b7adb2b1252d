// The search of the graph. It hides the rest, and says how much that is. Pure.
import type { CardKind, GraphModel } from "./graph-types.ts";

/** The cards that stay, by column: the matches, and the ends of their branches. */
export type Found = Readonly<Record<CardKind, ReadonlySet<string>>> & {
  /** The cards that match by themselves: their words are marked. */
  matches: ReadonlySet<string>;
  hiddenConnections: number;
};

/** Names, hosts and paths, URLs and ids are searched, in any case; every word has to be in one of them. */
export function searchGraph(model: GraphModel, text: string): Found | null {
  const words = text.trim().toLowerCase().split(/\s+/);
  if (words[0] === "") return null;
  const matches = new Set<string>();
  const look = (id: string, ...texts: (string | null)[]) => {
    const all = [id, ...texts].join("\n").toLowerCase();
    if (words.every((word) => all.includes(word))) matches.add(id);
  };
  for (const { id, name, url } of model.sources.values()) look(id, name, url);
  for (const { id, name } of model.connections.values()) look(id, name);
  for (const { id, name, host, path } of model.destinations.values()) look(id, name, host && `${host}${path ?? ""}`);
  const branches = [...model.connections.values()].filter(
    ({ id, sourceId, destinationId }) => matches.has(id) || matches.has(sourceId) || matches.has(destinationId),
  );
  const ends = (kind: "sourceId" | "destinationId", cards: ReadonlyMap<string, unknown>) =>
    new Set([...branches.map((branch) => branch[kind]), ...[...matches].filter((id) => cards.has(id))]);
  return {
    source: ends("sourceId", model.sources),
    connection: new Set(branches.map(({ id }) => id)),
    destination: ends("destinationId", model.destinations),
    matches,
    hiddenConnections: model.connections.size - branches.length,
  };
}
