// The layout as React Flow takes it. Pure. Sizes and the places of ports are given, so that nothing is measured in the page.
import { type Edge, type Node, Position } from "@xyflow/react";
import type { GraphLayout, LayoutEdge, LayoutNode, Port } from "./graph-types.ts";
import { isSame } from "./slice-store.ts";

/** What of a place a card is drawn by: it stays the same object while only the card's place is another. */
export interface CardShape {
  id: string;
  kind: LayoutNode["kind"];
  width: number;
  height: number;
  inPort: PillShape | null;
  outPort: PillShape | null;
  isCompact: boolean;
  isFold: boolean;
}
/** Beside the card's own corner. */
export interface PillShape {
  x: number;
  y: number;
  height: number;
}

export type FlowNode = Node<{ shape: CardShape }, "card">;
export type FlowEdge = Edge<{ place: LayoutEdge }, "branch">;

export interface Flow {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

const pill = (port: Port | null, node: LayoutNode): PillShape | null =>
  port && { x: port.x - node.x, y: port.y - node.y, height: port.height };

const FREE_PORT_PX = 10;

/** An end that nothing is connected to yet has a port to pull at, all the same. */
const freePill = ({ width, height }: LayoutNode, x: "left" | "right"): PillShape => ({
  x: x === "left" ? 0 : width,
  y: (height - FREE_PORT_PX) / 2,
  height: FREE_PORT_PX,
});

const handle = (type: "source" | "target", shape: PillShape | null) =>
  shape
    ? [
        {
          type,
          position: type === "source" ? Position.Right : Position.Left,
          x: shape.x,
          y: shape.y,
          width: 0,
          height: shape.height,
        },
      ]
    : [];

function flowNode(node: LayoutNode, isCompact: boolean, isFold: boolean, before: FlowNode | undefined): FlowNode {
  const drawn: CardShape = {
    id: node.id,
    kind: node.kind,
    width: node.width,
    height: node.height,
    inPort: pill(node.inPort, node) ?? (node.kind === "destination" ? freePill(node, "left") : null),
    outPort: pill(node.outPort, node) ?? (node.kind === "source" ? freePill(node, "right") : null),
    isCompact,
    isFold,
  };
  const shape = before && isSame(before.data.shape, drawn) ? before.data.shape : drawn;
  if (before && shape === before.data.shape && before.position.x === node.x && before.position.y === node.y)
    return before;
  return {
    id: node.id,
    type: "card",
    position: { x: node.x, y: node.y },
    width: node.width,
    height: node.height,
    measured: { width: node.width, height: node.height },
    handles: [...handle("target", shape.inPort), ...handle("source", shape.outPort)],
    style: { pointerEvents: "all" },
    data: shape === before?.data.shape ? before.data : { shape },
  };
}

function flowEdge(place: LayoutEdge, before: FlowEdge | undefined): FlowEdge {
  if (before?.data && isSame(before.data.place, place)) return before;
  return { id: place.id, type: "branch", source: place.fromId, target: place.toId, data: { place } };
}

/** What did not change since `before` stays the same object, so that it is not drawn again. */
export function flowOf(
  layout: GraphLayout,
  look: { isCompact: boolean; isFold: (id: string) => boolean },
  before: Flow | undefined,
): Flow {
  const nodes = new Map(before?.nodes.map((node) => [node.id, node]));
  const edges = new Map(before?.edges.map((edge) => [edge.id, edge]));
  return {
    nodes: layout.nodes.map((node) => flowNode(node, look.isCompact, look.isFold(node.id), nodes.get(node.id))),
    edges: layout.edges.map((edge) => flowEdge(edge, edges.get(edge.id))),
  };
}
