"use client";

import "./graph.css";
import {
  type FinalConnectionState,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  type Viewport,
} from "@xyflow/react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { ColumnHeads } from "./column-heads.tsx";
import { COMPACT_BELOW } from "./compact-below.ts";
import { ConnectLine, ConnectNote } from "./connect-line.tsx";
import { type Flow, type FlowEdge, type FlowNode, flowOf } from "./flow-elements.ts";
import { useGraph } from "./graph-context.ts";
import { GraphEdge } from "./graph-edge.tsx";
import { GraphNode } from "./graph-nodes.tsx";
import type { GraphLayout } from "./graph-types.ts";
import { HEAD_PX } from "./head-height.ts";
import { LineNote } from "./line-note.tsx";

const NODE_TYPES = { card: GraphNode };
const EDGE_TYPES = { branch: GraphEdge };
const MOST_ZOOM = 1.5;
const BELOW_PX = 40;

export type CanvasControl = ReactFlowInstance<FlowNode, FlowEdge>;

interface GraphCanvasProps {
  layout: GraphLayout;
  isCompact: boolean;
  /** Whether an id is one of a fold and not of a card. */
  isFold: (id: string) => boolean;
  /** The size of the canvas itself, which the page measures. */
  size: { width: number; height: number };
  viewport: Viewport;
  zoom: number;
  onReady: (control: CanvasControl) => void;
  onMoved: (viewport: Viewport) => void;
  /** The person zooms past the limit between the two ways to draw. */
  onCompact: (isCompact: boolean, around: { x: number; y: number } | undefined) => void;
  /** A line that was pulled out of a card is let go. */
  onConnectEnd: (fromId: string, at: { x: number; y: number }) => void;
  children?: ReactNode;
}

/** As far as one can pan: to the ends of the world, which stays at the top and in the middle where there is room. */
function extentOf(
  world: GraphLayout,
  size: GraphCanvasProps["size"],
  zoom: number,
): [[number, number], [number, number]] {
  const side = Math.max(0, size.width / zoom - world.width) / 2;
  const head = HEAD_PX / zoom;
  return [
    [-side, -head],
    [world.width + side, Math.max(world.height + BELOW_PX, size.height / zoom - head)],
  ];
}

/** The elements for React Flow; those that did not change are the same objects as before. */
function useFlow(layout: GraphLayout, isCompact: boolean, isFold: (id: string) => boolean): Flow {
  const before = useRef<Flow>(undefined);
  return useMemo(() => {
    before.current = flowOf(layout, { isCompact, isFold }, before.current);
    return before.current;
  }, [layout, isCompact, isFold]);
}

/** Marks the canvas while a path is lit: what is not on it dims by style alone, and renders nothing. */
function useDimming(box: React.RefObject<HTMLDivElement | null>) {
  const { marks } = useGraph();
  useEffect(() => {
    const apply = () => box.current?.toggleAttribute("data-dimmed", marks.read().lit !== undefined);
    apply();
    return marks.subscribe(apply);
  }, [marks, box]);
}

/** The dots of the ground, in pixels apart. A tile that the browser repeats: a pattern of circles is drawn anew in each frame of a pan. */
const DOTS_APART = 20;
const within = (at: number, step: number) => ((at % step) + step) % step;
/** Moves the layer of the dots by less than one dot, as nobody can tell one from the next. Drawn anew they are by a zoom alone. */
function placeDots(dots: HTMLDivElement | null, { x, y, zoom }: Viewport): void {
  if (!dots) return;
  const apart = DOTS_APART * zoom;
  dots.style.backgroundSize = `${apart}px ${apart}px`;
  dots.style.transform = `translate(${within(x, apart)}px, ${within(y, apart)}px)`;
}

const pointerOf = (event: MouseEvent | TouchEvent | null) => {
  if (event === null) return undefined;
  const at = "clientX" in event ? event : event.changedTouches[0];
  return at && { x: at.clientX, y: at.clientY };
};

/** Esc lets go of a line that is being drawn: for React Flow the pointer is up, and it is over nothing. */
function letGo(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  document.dispatchEvent(new MouseEvent("mouseup", { clientX: -1, clientY: -1 }));
}

/** The graph itself: pans and zooms, and has nothing to drag but lines from sources to destinations. */
export function GraphCanvas(props: GraphCanvasProps) {
  const { layout, isCompact, isFold, size, onReady, onCompact, onConnectEnd } = props;
  const { marks, can } = useGraph();
  const box = useRef<HTMLDivElement>(null);
  const dots = useRef<HTMLDivElement>(null);
  const flow = useFlow(layout, isCompact, isFold);
  useDimming(box);
  useEffect(() => placeDots(dots.current, props.viewport), [props.viewport]);
  const isPale = isCompact && !flow.nodes.some(({ id }) => isFold(id));
  const endConnect = (event: MouseEvent | TouchEvent, { fromNode }: FinalConnectionState) => {
    box.current?.removeAttribute("data-connecting");
    removeEventListener("keydown", letGo, { capture: true });
    const at = pointerOf(event);
    if (fromNode && at) onConnectEnd(fromNode.id, at);
  };
  const onMove = (event: MouseEvent | TouchEvent | null, viewport: Viewport) => {
    placeDots(dots.current, viewport);
    props.onMoved(viewport);
    if (event === null) return;
    if (marks.read().numbersOf) marks.set({ numbersOf: undefined });
    const { zoom } = viewport;
    if (!isCompact && zoom < COMPACT_BELOW) onCompact(true, pointerOf(event));
    if (isCompact && zoom > 1.02) onCompact(false, pointerOf(event));
  };
  return (
    <div ref={box} className="graph-canvas absolute inset-0" data-pale={isPale ? "" : undefined}>
      <div ref={dots} className="graph-dots" />
      <ReactFlowProvider>
        <ReactFlow<FlowNode, FlowEdge>
          nodes={flow.nodes}
          edges={flow.edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          defaultViewport={props.viewport}
          width={size.width}
          height={size.height}
          minZoom={isCompact ? 1 : COMPACT_BELOW - 0.05}
          maxZoom={isCompact ? 1.05 : MOST_ZOOM}
          translateExtent={extentOf(layout, size, props.zoom)}
          onInit={onReady}
          onMove={onMove}
          onPaneClick={() => marks.set({ selectedId: undefined })}
          onConnectStart={(_event, { nodeId, handleType }) => {
            box.current?.setAttribute("data-connecting", handleType ?? "");
            marks.set({ selectedId: nodeId ?? undefined, numbersOf: undefined });
            addEventListener("keydown", letGo, { capture: true });
          }}
          onConnectEnd={endConnect}
          connectionLineComponent={ConnectLine}
          connectionRadius={24}
          nodesConnectable={can.includes("connection.write")}
          connectOnClick={false}
          nodesDraggable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          edgesReconnectable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          panOnScroll
          zoomOnDoubleClick={false}
          onlyRenderVisibleElements
          proOptions={{ hideAttribution: true }}
          aria-label="Sources, connections and destinations"
        >
          <ColumnHeads columns={layout.columns} isCompact={isCompact} />
          <ConnectNote />
          <LineNote />
          {props.children}
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}
