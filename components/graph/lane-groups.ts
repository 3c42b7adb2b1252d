// The connections that a phone shows, each under its heading. Pure.
import type { Badge, Card, ConnectionCard } from "./graph-types.ts";
import type { ListRow } from "./list-rows.ts";

export type LaneFilter = Badge["state"];

interface LaneGroup {
  key: string;
  title: string;
  ids: string[];
}

/** From so many on, what is well is behind one button. */
const FOLD_FROM = 60;

const isWell = ({ state }: ConnectionCard) => state.kind === "delivering" || state.kind === "idle";

export function lanesOf(
  rows: readonly ListRow[],
  cardOf: (id: string) => Card | undefined,
  filter: LaneFilter | undefined,
  isUnfolded: boolean,
): { groups: readonly LaneGroup[]; foldedCount: number } {
  const needsYou: LaneGroup = { key: "needs-you", title: "Needs you", ids: [] };
  const byDestination = new Map<string, LaneGroup>();
  let foldedCount = 0;
  for (const { id, destinationName } of rows) {
    const card = cardOf(id);
    if (card?.kind !== "connection") continue;
    if (filter !== undefined && !card.badges.shown.some(({ state }) => state === filter)) continue;
    if (card.needsYou) {
      needsYou.ids.push(id);
      continue;
    }
    if (!isUnfolded && filter === undefined && rows.length >= FOLD_FROM && isWell(card)) {
      foldedCount += 1;
      continue;
    }
    const group = byDestination.get(card.destinationId) ?? { key: card.destinationId, title: destinationName, ids: [] };
    group.ids.push(id);
    byDestination.set(card.destinationId, group);
  }
  const groups = [needsYou, ...byDestination.values()].filter(({ ids }) => ids.length > 0);
  return { groups, foldedCount };
}
