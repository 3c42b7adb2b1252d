// The order of the cards, and what is folded, as of the moment at which somebody opened, sorted or folded the graph. Live
// changes take cards in and out; they never put the others in another order. Pure.
import { isHealthy, rankOf } from "./card-state.ts";
import { branchesOf, FOLDED_DESTINATIONS, foldsOf, stillFolded } from "./folds.ts";
import type { ConnectionCard, DestinationCard, Fold, GraphModel } from "./graph-types.ts";
import { fewCrossings, type Row } from "./source-order.ts";

export type GraphSort = "problems" | "name";

export interface Arrangement {
  sort: GraphSort;
  /** Every card, folded or not; those of one fold stand together. */
  sourceIds: readonly string[];
  connectionIds: readonly string[];
  destinationIds: readonly string[];
  /** The destination of each connection. */
  homes: ReadonlyMap<string, string>;
  folds: readonly Fold[];
}

/** From so many cards on the graph is dense: it can be folded. */
const DENSE_FROM = 60;
export const isDense = ({ sources, connections, destinations }: GraphModel): boolean =>
  sources.size + connections.size + destinations.size >= DENSE_FROM;

const byName = (a: { name: string }, b: { name: string }) => {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
};

function worstOf(model: GraphModel, destination: DestinationCard): number {
  const kinds = [destination, ...branchesOf(model, destination)].map(({ state }) => state.kind);
  return Math.min(...kinds.map(rankOf));
}

/** Which fold a card is in. */
type FoldOf = (id: string) => Fold | undefined;

function foldFinder(folds: readonly Fold[]): FoldOf {
  const found = new Map(folds.flatMap((fold) => fold.memberIds.map((id) => [id, fold] as const)));
  return (id) => found.get(id);
}

function orderDestinations(model: GraphModel, sort: GraphSort, foldOf: FoldOf): DestinationCard[] {
  const cards = [...model.destinations.values()].sort(byName);
  const rank = new Map(cards.map((card) => [card, sort === "name" ? 0 : worstOf(model, card)]));
  const isFolded = (card: DestinationCard) => Number(foldOf(card.id)?.id === FOLDED_DESTINATIONS);
  return cards.sort((a, b) => isFolded(a) - isFolded(b) || (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/** Within a destination: first what one cause holds up, then the worst, at the foot what is folded as well. */
function placeWithin(branch: ConnectionCard, sort: GraphSort, foldOf: FoldOf): number {
  const fold = foldOf(branch.id);
  if (fold) return fold.kind === "cause" ? -1 : Number.MAX_SAFE_INTEGER;
  return sort === "name" ? 0 : rankOf(branch.state.kind);
}

/** The connections as rows that may change their places within a group; each fold is a row. */
function rowsOf(model: GraphModel, destinations: readonly DestinationCard[], sort: GraphSort, foldOf: FoldOf): Row[] {
  const rows: Row[] = [];
  const sourceOf = ({ sourceId }: ConnectionCard) => foldOf(sourceId)?.id ?? sourceId;
  const folded = new Map<string, { group: number; sourceIds: Set<string> }>();
  let group = 0;
  let last: string | undefined;
  for (const destination of destinations) {
    const placed = branchesOf(model, destination).map((branch) => ({ branch, at: placeWithin(branch, sort, foldOf) }));
    placed.sort((a, b) => a.at - b.at || byName(a.branch, b.branch));
    for (const { branch, at } of placed) {
      const key = `${destination.id} ${at}`;
      if (key !== last) group += 1;
      last = key;
      const fold = foldOf(branch.id);
      const known = fold && folded.get(fold.id);
      if (known) known.sourceIds.add(sourceOf(branch));
      else if (fold) folded.set(fold.id, { group, sourceIds: new Set([sourceOf(branch)]) });
      if (!fold) rows.push({ id: branch.id, group, sourceIds: [sourceOf(branch)] });
    }
  }
  for (const [id, row] of folded) rows.push({ id, group: row.group, sourceIds: [...row.sourceIds] });
  return rows;
}

/** Ids of cards and folds as ids of cards, those of a fold by name. */
function unfolded(ids: readonly string[], folds: readonly Fold[], nameOf: (id: string) => string): string[] {
  const members = new Map(folds.map((fold) => [fold.id, fold.memberIds]));
  return ids.flatMap((id) => members.get(id)?.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)) ?? [id]);
}

const homesOf = ({ connections }: GraphModel) =>
  new Map([...connections.values()].map(({ id, destinationId }) => [id, destinationId]));

/** The connections of each destination together, in the order of the destinations. */
function inGroups(ids: readonly string[], destinationIds: readonly string[], model: GraphModel): string[] {
  const groups = Map.groupBy(ids, (id) => model.connections.get(id)?.destinationId);
  return destinationIds.flatMap((id) => groups.get(id) ?? []);
}

/** The order for a graph that has just been opened, sorted or folded. */
export function arrangeGraph(
  model: GraphModel,
  { sort, isFolded }: { sort: GraphSort; isFolded: boolean },
): Arrangement {
  const folds = isFolded ? foldsOf(model) : [];
  const foldOf = foldFinder(folds);
  const destinations = orderDestinations(model, sort, foldOf);
  const sources = [...model.sources.values()].sort(byName);
  const sourceIds = [...new Set(sources.map(({ id }) => foldOf(id)?.id ?? id))];
  const order = fewCrossings({ sourceIds, rows: rowsOf(model, destinations, sort, foldOf) });
  const rowIds = order.rows.map(({ id }) => id);
  return {
    sort,
    sourceIds: unfolded(order.sourceIds, folds, (id) => model.sources.get(id)?.name ?? ""),
    connectionIds: inGroups(
      unfolded(rowIds, folds, (id) => model.connections.get(id)?.name ?? ""),
      destinations.map(({ id }) => id),
      model,
    ),
    destinationIds: destinations.map(({ id }) => id),
    homes: homesOf(model),
    folds,
  };
}

const isSameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id, i) => id === b[i]);

/** Those that are still there, in their order, and behind them those that are new. */
function followed(ids: readonly string[], cards: ReadonlyMap<string, unknown>): string[] {
  const known = new Set(ids);
  return [...ids.filter((id) => cards.has(id)), ...[...cards.keys()].filter((id) => !known.has(id))];
}

/** New sources stand beside their connections, all others as they stood. */
function followSources(before: readonly string[], connectionIds: readonly string[], model: GraphModel): string[] {
  const known = new Set(before);
  const ids = before.filter((id) => model.sources.has(id));
  const place = new Map(connectionIds.map((id, i) => [id, i]));
  const middle = (id: string) => {
    const own = (model.sources.get(id)?.connectionIds ?? []).map((branchId) => place.get(branchId) ?? 0);
    return own.length > 0 ? own.reduce((sum, at) => sum + at, 0) / own.length : Number.POSITIVE_INFINITY;
  };
  for (const id of model.sources.keys()) {
    if (known.has(id)) continue;
    const at = ids.findIndex((other) => middle(other) > middle(id));
    ids.splice(at < 0 ? ids.length : at, 0, id);
  }
  return ids;
}

/** The folds as they were, where none has lost or changed anything: the same list is the same picture. */
function followFolds(before: readonly Fold[], model: GraphModel): readonly Fold[] {
  const after = stillFolded(before, model);
  const isSame =
    after.length === before.length &&
    after.every((fold) => before.some((other) => other.id === fold.id && isSameList(other.memberIds, fold.memberIds)));
  return isSame ? before : after;
}

/** Cards that have left a fold stand at the foot: they were out of sight, and nothing in sight makes room for them. */
function lastOf(ids: readonly string[], left: ReadonlySet<string>): string[] {
  return left.size === 0 ? [...ids] : [...ids.filter((id) => !left.has(id)), ...ids.filter((id) => left.has(id))];
}

/**
 * The arrangement after a change of what is wired, or of how it does: what is new and what has left its fold stands at the
 * end of its column or of its destination. The same object where nothing came, went or left.
 */
export function followGraph(before: Arrangement, model: GraphModel): Arrangement {
  const folds = followFolds(before.folds, model);
  const foldOf = foldFinder(folds);
  const left = new Set(before.folds.flatMap(({ memberIds }) => memberIds).filter((id) => !foldOf(id)));
  const homes = homesOf(model);
  const isLedElsewhere = (id: string) => before.homes.has(id) && homes.get(id) !== before.homes.get(id);
  const isIll = (id: string) => !isHealthy(model.connections.get(id)?.state.kind ?? "idle");
  const movedIds = new Set([...[...left].filter(isIll), ...before.connectionIds.filter(isLedElsewhere)]);
  const wasApart = new Set([...model.destinations.keys()].filter((id) => left.has(id)));
  const destinationIds = lastOf(followed(before.destinationIds, model.destinations), wasApart);
  const followedIds = lastOf(followed(before.connectionIds, model.connections), movedIds);
  const connectionIds = inGroups(followedIds, destinationIds, model);
  const sourceIds = followSources(before.sourceIds, connectionIds, model);
  const isSame =
    folds === before.folds &&
    isSameList(sourceIds, before.sourceIds) &&
    isSameList(connectionIds, before.connectionIds) &&
    isSameList(destinationIds, before.destinationIds);
  // A connection that is led elsewhere stands elsewhere, unless it was and is the only one there.
  const isLed = before.connectionIds.some(isLedElsewhere);
  return isSame && !isLed ? before : { ...before, sourceIds, connectionIds, destinationIds, homes, folds };
}
