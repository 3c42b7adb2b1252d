"use client";

import { type PointerEvent, useMemo, useRef } from "react";
import { formatCount } from "#components/ui/format.ts";
import type { CanvasLink } from "./canvas-link.ts";
import { useTotals } from "./graph-context.ts";
import type { CardStateKind, Fold, GraphLayout } from "./graph-types.ts";
import { barsSeen, heightOfBar, type Minimap, minimapOf } from "./minimap-bars.ts";
import { useCanvasView } from "./zoom-controls.tsx";

/** What is well is pale, and the rest is solid. */
const FILL: Record<CardStateKind, string> = {
  broken: "fill-failed-solid",
  failing: "fill-failed-solid",
  paused: "fill-hold-solid",
  held: "fill-hold-solid",
  retrying: "fill-retrying-solid",
  queued: "fill-queued-solid",
  silent: "fill-cancelled-solid",
  disabled: "fill-cancelled-solid",
  delivering: "fill-delivered-soft",
  idle: "fill-edge-idle",
};

const WIDTH = 44;
const BAR = { x: 13, width: 18 };
/** A bar with the gap below it, where there is room. */
const MOST_STEP = 5.5;
const LEAST_FRAME = 12;

interface MinimapStripProps {
  link: CanvasLink;
  layout: GraphLayout;
  folds: ReadonlyMap<string, Fold>;
  stateOf: (connectionId: string) => CardStateKind | undefined;
  height: number;
}

/** The whole graph as one column of bars, as it is tall and not wide. The amber frame is what is seen; it can be dragged. */
export function MinimapStrip({ link, layout, folds, stateOf, height }: MinimapStripProps) {
  const { counts } = useTotals();
  const box = useRef<HTMLDivElement>(null);
  const map = useMemo(() => minimapOf(layout, folds), [layout, folds]);
  const step = Math.min(MOST_STEP, height / Math.max(1, map.ids.length));
  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1 || !box.current) return;
    const bar = Math.max(0, Math.floor((event.clientY - box.current.getBoundingClientRect().top) / step));
    const y = heightOfBar(map, bar);
    if (y !== undefined) link.commands?.centerOn(y);
  };
  return (
    <div aria-hidden="true" className="w-17 shrink-0 border-line border-l bg-surface px-3 pt-2 max-wide:hidden">
      <span className="mb-1.5 block text-center text-[10.5px] text-faint leading-[14px]">
        All {formatCount(counts.connection)}
      </span>
      <div
        ref={box}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
        className="relative cursor-grab touch-none"
        style={{ width: WIDTH, height }}
      >
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: the list says all of it in words */}
        <svg width={WIDTH} height={height} className="block">
          {map.ids.map((id, at) => (
            <rect
              key={id}
              x={BAR.x}
              y={at * step}
              width={BAR.width}
              height={Math.max(1, step - 1.5)}
              rx={Math.min(1, step / 4)}
              className={FILL[stateOf(id) ?? "idle"]}
            />
          ))}
        </svg>
        <SeenFrame link={link} map={map} step={step} />
      </div>
    </div>
  );
}

/** Apart from the bars, and on a layer of its own: it moves in each frame of a pan, and a thousand bars stay as they are. */
function SeenFrame({ link, map, step }: { link: CanvasLink; map: Minimap; step: number }) {
  const top = useCanvasView(link, (view) => view.top);
  const bottom = useCanvasView(link, (view) => view.bottom);
  const seen = barsSeen(map, top, bottom);
  return (
    <div
      className="pointer-events-none absolute inset-x-px top-0 rounded-xs border-[1.5px] border-accent-solid bg-accent-solid/10 will-change-transform"
      style={{
        height: Math.max(LEAST_FRAME, (seen.to - seen.from) * step),
        transform: `translateY(${Math.max(0, seen.from * step - 1)}px)`,
      }}
    />
  );
}
