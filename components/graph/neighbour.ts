// The neighbours that arrows lead to: up and down in a column, left and right along an edge. Pure.
import type { GraphLayout, LayoutNode } from "./graph-types.ts";

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const middle = ({ y, height }: LayoutNode) => y + height / 2;

const nearest = (nodes: readonly LayoutNode[], to: number): LayoutNode | undefined =>
  nodes.toSorted((a, b) => Math.abs(middle(a) - to) - Math.abs(middle(b) - to))[0];

/** The card to which the arrow leads from `id`; undefined at an end. Without a card to start from, the first one. */
export function neighbourOf({ nodes, edges }: GraphLayout, id: string | undefined, arrow: Arrow): string | undefined {
  const from = nodes.find((node) => node.id === id);
  if (!from) return nodes.toSorted((a, b) => a.x - b.x || a.y - b.y)[0]?.id;
  if (arrow === "ArrowUp" || arrow === "ArrowDown") {
    const column = nodes.filter(({ kind }) => kind === from.kind).toSorted((a, b) => a.y - b.y);
    return column[column.indexOf(from) + (arrow === "ArrowUp" ? -1 : 1)]?.id;
  }
  const linked = new Set(
    edges.flatMap(({ fromId, toId }) => {
      if (arrow === "ArrowRight") return fromId === from.id ? [toId] : [];
      return toId === from.id ? [fromId] : [];
    }),
  );
  return nearest(
    nodes.filter((node) => linked.has(node.id)),
    middle(from),
  )?.id;
}
