// The connections that a phone shows, each under its heading. Pure.
import { causeOf } from "./folds.ts";
import type { Badge, Card, ConnectionCard } from "./graph-types.ts";
import type { ListRow } from "./list-rows.ts";

export type LaneFilter = Badge["state"];

export interface LaneGroup {
  key: string;
  title: string;
  ids: string[];
}

export const NEEDS_YOU = "needs-you";

/** From so many on, what is well is behind one button. */
const FOLD_FROM = 60;
/** So many more at a press: a phone that draws a thousand lanes at once stands still for seconds. */
export const LANES_AT_ONCE = 100;

const isWell = ({ state }: ConnectionCard) => state.kind === "delivering" || state.kind === "idle";

function addTo(groups: Map<string, LaneGroup>, key: string, title: string, id: string): void {
  const group = groups.get(key) ?? { key, title, ids: [] };
  group.ids.push(id);
  groups.set(key, group);
}

/** @param shownHealthy how many that are well are shown where there are many */
export function lanesOf(
  rows: readonly ListRow[],
  cardOf: (id: string) => Card | undefined,
  filter: LaneFilter | undefined,
  shownHealthy: number,
): { groups: readonly LaneGroup[]; causes: readonly LaneGroup[]; foldedCount: number } {
  const isMany = filter === undefined && rows.length >= FOLD_FROM;
  const byCause = new Map<string, LaneGroup>();
  const needsYou: LaneGroup = { key: NEEDS_YOU, title: "Needs you", ids: [] };
  const byDestination = new Map<string, LaneGroup>();
  let healthyCount = 0;
  for (const { id, destinationName } of rows) {
    const card = cardOf(id);
    if (card?.kind !== "connection") continue;
    if (filter !== undefined && !card.badges.shown.some(({ state }) => state === filter)) continue;
    if (card.needsYou) {
      needsYou.ids.push(id);
      continue;
    }
    if (isMany && isWell(card)) {
      healthyCount += 1;
      if (healthyCount > shownHealthy) continue;
    }
    const cause = isMany && shownHealthy === 0 ? causeOf(card) : null;
    if (cause !== null) {
      const key = `${card.destinationId} ${cause}`;
      addTo(byCause, key, destinationName, id);
      continue;
    }
    addTo(byDestination, card.destinationId, destinationName, id);
  }
  const causes = [...byCause.values()].filter(({ ids }) => ids.length > 1);
  for (const { key, title, ids } of byCause.values()) {
    const [only, second] = ids;
    if (only !== undefined && second === undefined) addTo(byDestination, key.split(" ", 1)[0] ?? key, title, only);
  }
  const groups = [needsYou, ...byDestination.values()].filter(({ ids }) => ids.length > 0);
  return { groups, causes, foldedCount: Math.max(0, healthyCount - shownHealthy) };
}
