// The strip beside a large graph: one bar for each connection, folded or not, in the order in which they stand. Pure.
import type { Fold, GraphLayout, LayoutNode } from "./graph-types.ts";

export interface Minimap {
  /** The connections from the top. */
  ids: readonly string[];
  /** Of each card or fold that is drawn, the bars that it stands for: from, and up to but without. */
  units: readonly { node: LayoutNode; from: number; to: number }[];
}

export function minimapOf({ nodes }: GraphLayout, folds: ReadonlyMap<string, Fold>): Minimap {
  const column = nodes.filter(({ kind }) => kind === "connection").toSorted((a, b) => a.y - b.y);
  const ids: string[] = [];
  const units = column.map((node) => {
    const from = ids.length;
    ids.push(...(folds.get(node.id)?.memberIds ?? [node.id]));
    return { node, from, to: ids.length };
  });
  return { ids, units };
}

/** The bars of what is seen between two heights of the world; all of nothing where nothing is. */
export function barsSeen({ units }: Minimap, top: number, bottom: number): { from: number; to: number } {
  const seen = units.filter(({ node }) => node.y + node.height > top && node.y < bottom);
  return { from: seen[0]?.from ?? 0, to: seen.at(-1)?.to ?? 0 };
}

/** The height of the world at which a bar's card or fold stands. */
export const heightOfBar = ({ units }: Minimap, bar: number): number | undefined => {
  const { node } = units.find(({ to }) => bar < to) ?? units.at(-1) ?? {};
  return node && node.y + node.height / 2;
};
