"use client";

import { type PointerEvent, useRef } from "react";
import { formatCount } from "#components/ui/format.ts";
import type { CanvasLink } from "./canvas-link.ts";
import { useGraph, useTotals } from "./graph-context.ts";
import type { CardStateKind, GraphLayout } from "./graph-types.ts";
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
const BAR = { x: 14, width: 16 };
const LEAST_FRAME = 12;

interface MinimapStripProps {
  link: CanvasLink;
  layout: GraphLayout;
  /** The state of a card or a fold. */
  stateOf: (id: string) => CardStateKind | undefined;
  height: number;
}

/** The whole graph as one column of bars, as it is tall and not wide. The amber frame is what is seen; it can be dragged. */
export function MinimapStrip({ link, layout, stateOf, height }: MinimapStripProps) {
  useTotals();
  const { can } = useGraph();
  const box = useRef<SVGSVGElement>(null);
  const top = useCanvasView(link, (view) => view.top);
  const bottom = useCanvasView(link, (view) => view.bottom);
  const { counts } = useTotals();
  const scale = height / Math.max(layout.height, 1);
  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1 || !box.current) return;
    link.commands?.centerOn((event.clientY - box.current.getBoundingClientRect().top) / scale);
  };
  return (
    <div
      aria-hidden="true"
      data-can={can.length}
      className="w-17 shrink-0 border-line border-l bg-surface px-3 pt-2 max-wide:hidden"
    >
      <span className="mb-1.5 block text-center text-[10.5px] text-faint leading-[14px]">
        All {formatCount(counts.connection)}
      </span>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the list says all of it in words */}
      <svg
        ref={box}
        width={WIDTH}
        height={height}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
        className="block cursor-grab touch-none"
      >
        {layout.nodes.map(({ id, kind, y, height: cardHeight }) => {
          const at = kind === "connection" ? BAR : { x: kind === "source" ? 4 : 34, width: 6 };
          const fill = kind === "connection" ? FILL[stateOf(id) ?? "idle"] : "fill-line-strong";
          return (
            <rect
              key={id}
              x={at.x}
              y={y * scale}
              width={at.width}
              height={Math.max(1.5, cardHeight * scale - 1)}
              rx={1}
              className={fill}
            />
          );
        })}
        <rect
          x={1}
          y={Math.max(0, top * scale)}
          width={WIDTH - 2}
          height={Math.max(LEAST_FRAME, Math.min(height, bottom * scale) - Math.max(0, top * scale))}
          rx={3}
          className="fill-accent-solid/10 stroke-accent-solid stroke-[1.5]"
        />
      </svg>
    </div>
  );
}
