"use client";

import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { afterPage, useAfterPage } from "#components/ui/after-page.ts";
import { showToast } from "#components/ui/toasts.ts";
import type { CanvasLink } from "./canvas-link.ts";
import { cardIdOf } from "./card-at.ts";
import { connectVerdict } from "./connect-verdict.ts";
import { useGraph } from "./graph-context.ts";
import { useGraphKeys } from "./graph-keys.ts";
import { GraphLegend } from "./graph-legend.tsx";
import type { GraphScene, SceneView } from "./graph-scene.ts";
import { GraphSkeleton } from "./graph-skeleton.tsx";
import type { GraphLayout } from "./graph-types.ts";
import { HEAD_PX } from "./head-height.ts";
import { MinimapStrip } from "./minimap-strip.tsx";
import { type Arrow, neighbourOf } from "./neighbour.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { useFirstNumbers } from "./use-first-numbers.ts";
import { useViewport } from "./use-viewport.ts";
import { nextProblem } from "./way.ts";
import { useCanvasView } from "./zoom-controls.tsx";

const canvas = afterPage(() => import("./graph-canvas.tsx"));
if (typeof window !== "undefined") canvas.ask();

/** So long the graph waits for the first numbers. */
const FIRST_NUMBERS_MS = 600;
/** What a drawer covers of the canvas (--w-drawer). */
const DRAWER_PX = 452;

function useSize() {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number }>();
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, size };
}

interface GraphStageProps {
  scene: GraphScene;
  view: SceneView;
  link: CanvasLink;
  openId: string | undefined;
  fold: () => void;
  /** In place of the cards when a search leaves none. */
  instead: ReactNode;
}

/** The graph with what stands around it. */
export function GraphStage({ scene, view, link, openId, fold, instead }: GraphStageProps) {
  const loaded = useAfterPage(canvas);
  const { box, size } = useSize();
  const [isCompact, setCompact] = useState(view.isDense);
  const width = size?.width ?? 0;
  useLayoutEffect(() => {
    if (width > 0) scene.setCanvas({ canvasWidth: width, isCompact });
  }, [scene, width, isCompact]);
  const isDrawn = view.picture.input.canvasWidth > 0;
  const isReady = useFirstNumbers(view.isArranged, FIRST_NUMBERS_MS);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-1">
        <div ref={box} className="relative min-w-0 flex-1 overflow-hidden">
          {loaded && size && isDrawn && isReady ? (
            <Canvas
              Loaded={loaded.GraphCanvas}
              scene={scene}
              view={view}
              size={size}
              setCompact={setCompact}
              link={link}
              openId={openId}
              fold={fold}
              instead={instead}
            />
          ) : (
            <GraphSkeleton />
          )}
        </div>
        {view.isDense ? (
          <MinimapStrip
            link={link}
            layout={view.layout}
            folds={view.picture.folds}
            height={Math.max(80, (size?.height ?? 0) - 30)}
            stateOf={(id) => scene.model().connections.get(id)?.state.kind ?? view.picture.folds.get(id)?.state}
          />
        ) : null}
      </div>
      <GraphLegend isDense={view.isDense} />
    </div>
  );
}

type CanvasProps = GraphStageProps & {
  Loaded: NonNullable<ReturnType<typeof canvas.read>>["GraphCanvas"];
  size: { width: number; height: number };
  setCompact: (isCompact: boolean) => void;
};

function Canvas({ Loaded, scene, view, size, setCompact, link, openId, fold, instead }: CanvasProps) {
  const { layout, picture } = view;
  const { isCompact } = picture.input;
  const shared = useGraph();
  const { marks } = shared;
  const port = useViewport({ layout, size, isCompact, setCompact, link, coveredPx: openId ? DRAWER_PX : 0 });
  const isFold = useMemo(() => (id: string) => picture.folds.has(id), [picture]);
  const walkTo = (id: string | undefined) => {
    if (id === undefined) return;
    port.reveal(id);
    marks.set({ currentId: id, focusId: id, selectedId: marks.read().selectedId === undefined ? undefined : id });
  };
  const zoomPercent = useCanvasView(link, (seen) => seen.zoomPercent);
  const latest = useRef(port);
  latest.current = port;
  useEffect(() => {
    const current = marks.read().currentId;
    if (current === undefined || !layout.nodes.some(({ id }) => id === current)) {
      marks.set({ currentId: neighbourOf(layout, undefined, "ArrowDown") });
    }
  }, [marks, layout]);
  useEffect(() => {
    if (openId === undefined) return;
    marks.set({ selectedId: openId, currentId: openId });
    latest.current.reveal(openId);
  }, [marks, openId]);
  useGraphKeys({
    shared,
    isDense: view.isDense,
    link,
    fold,
    move: (arrow: Arrow) => walkTo(neighbourOf(layout, marks.read().currentId, arrow)),
    nextProblem: () => walkTo(nextProblem(scene.model(), connectionsDown(layout), marks.read().currentId)),
  });
  return (
    <>
      <Loaded
        layout={layout}
        isCompact={isCompact}
        isFold={isFold}
        size={size}
        viewport={{ x: 0, y: HEAD_PX, zoom: 1 }}
        zoom={zoomPercent / 100}
        onReady={port.onReady}
        onMoved={port.onMoved}
        onCompact={port.switchTo}
        onConnectEnd={(fromId, at) => void endConnect(shared, fromId, at)}
      />
      {layout.nodes.length === 0 ? (
        <div className="absolute inset-x-4 top-17 z-10 mx-auto max-w-md">{instead}</div>
      ) : null}
      {openId === undefined ? <SelectionBar /> : null}
    </>
  );
}

const connectionsDown = ({ nodes }: GraphLayout) =>
  nodes
    .filter(({ kind }) => kind === "connection")
    .toSorted((a, b) => a.y - b.y)
    .map(({ id }) => id);

/** A line was let go: at the other side it connects, on nothing it offers a new end, elsewhere it says why not. */
async function endConnect(
  { cards, actions, go }: ReturnType<typeof useGraph>,
  fromId: string,
  at: { x: number; y: number },
) {
  const from = cards.get(fromId);
  const under = document.elementFromPoint(at.x, at.y);
  const overId = cardIdOf(under);
  const verdict = connectVerdict(from, overId === undefined ? undefined : cards.get(overId));
  if (!from || overId === fromId || !under?.closest(".graph-canvas")) return;
  if (verdict.kind === "refuse") return showToast({ kind: "failed", text: verdict.note });
  if (verdict.kind === "offer") {
    return from.kind === "source"
      ? go.openNew("destination", { source: fromId })
      : go.openNew("connection", { destination: fromId });
  }
  const id = await actions.connect(verdict.from, verdict.to);
  if (id !== undefined) go.open(id);
}
