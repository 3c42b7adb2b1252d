"use client";

import type { Viewport } from "@xyflow/react";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { CanvasLink } from "./canvas-link.ts";
import { cardIdAt } from "./card-at.ts";
import { COMPACT_BELOW } from "./compact-below.ts";
import type { CanvasControl } from "./graph-canvas.tsx";
import type { GraphLayout } from "./graph-types.ts";
import { HEAD_PX } from "./head-height.ts";

interface Size {
  width: number;
  height: number;
}
/** A card that is to stay where it is on the screen while all others move. */
interface Anchor {
  id: string;
  screenY: number;
}

interface ViewportInput {
  layout: GraphLayout;
  size: Size;
  isCompact: boolean;
  setCompact: (isCompact: boolean) => void;
  link: CanvasLink;
  /** What covers the right side of the canvas. */
  coveredPx: number;
}

const STEP = 1.2;
const MARGIN = 16;
/** The first card stands so far below the heads. */
const MARGIN_TOP = 6;
/** The first zoom after the rows have become high again. */
const BACK_AT = COMPACT_BELOW + 0.05;

/** How the canvas stands: nearer and farther, all of it, or so that one card is seen. */
export function useViewport({ layout, size, isCompact, setCompact, link, coveredPx }: ViewportInput) {
  const control = useRef<CanvasControl>(undefined);
  const anchor = useRef<Anchor>(undefined);
  const latest = useRef({ layout, size, isCompact, coveredPx });
  latest.current = { layout, size, isCompact, coveredPx };

  const note = ({ y, zoom }: Viewport) => {
    const top = (HEAD_PX - y) / zoom;
    link.show({
      zoomPercent: Math.round(zoom * 100),
      isCompact: latest.current.isCompact,
      top,
      bottom: (latest.current.size.height - y) / zoom,
    });
  };
  const move = (to: Partial<Viewport>) => {
    const now = control.current?.getViewport();
    if (!now) return;
    void control.current?.setViewport({ ...now, ...to });
    note({ ...now, ...to });
  };
  const switchTo = (toCompact: boolean, at?: { x: number; y: number }) => {
    const { layout: drawn, size: box } = latest.current;
    const now = control.current?.getViewport();
    const middleY = now ? (box.height / 2 - now.y) / now.zoom : 0;
    const nearest = drawn.nodes
      .filter(({ kind }) => kind === "connection")
      .toSorted((a, b) => Math.abs(a.y - middleY) - Math.abs(b.y - middleY))[0];
    const under = drawn.nodes.find(({ id }) => id === (at && cardIdAt(at))) ?? nearest;
    if (under && now) anchor.current = { id: under.id, screenY: now.y + under.y * now.zoom };
    setCompact(toCompact);
  };

  // The rows have another height: what was under the pointer stays there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another picture moves it
  useLayoutEffect(() => {
    const kept = anchor.current;
    anchor.current = undefined;
    const node = layout.nodes.find(({ id }) => id === kept?.id);
    if (!kept) return;
    const zoom = isCompact ? 1 : BACK_AT;
    const x = Math.max(0, size.width - layout.width * zoom) / 2;
    move({ zoom, x, y: node ? kept.screenY - node.y * zoom : HEAD_PX });
  }, [layout, isCompact]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size shows another part of the same picture
  useEffect(() => {
    const now = control.current?.getViewport();
    if (now) note(now);
  }, [size, isCompact]);

  const zoomBy = (factor: number) => {
    const now = control.current?.getViewport();
    if (!now) return;
    if (latest.current.isCompact) {
      if (factor > 1) switchTo(false);
      return;
    }
    if (now.zoom * factor < COMPACT_BELOW) return switchTo(true);
    void (factor > 1 ? control.current?.zoomIn() : control.current?.zoomOut());
  };
  link.commands = {
    zoomIn: () => zoomBy(STEP),
    zoomOut: () => zoomBy(1 / STEP),
    fit() {
      const { layout: drawn, size: box } = latest.current;
      const room = box.height - HEAD_PX - MARGIN;
      const zoom = Math.min(1, box.width / drawn.width, room / drawn.height);
      if (latest.current.isCompact) return move({ x: 0, y: HEAD_PX });
      if (zoom < COMPACT_BELOW) return switchTo(true);
      move({ zoom, x: (box.width - drawn.width * zoom) / 2, y: HEAD_PX });
    },
    centerOn(y) {
      const now = control.current?.getViewport();
      if (now) move({ y: HEAD_PX + (latest.current.size.height - HEAD_PX) / 2 - y * now.zoom });
    },
  };

  /** Pans, and no farther than it must, so that a card is seen. */
  const reveal = (id: string) => {
    const now = control.current?.getViewport();
    const node = latest.current.layout.nodes.find((one) => one.id === id);
    if (!now || !node) return;
    const { size: box, coveredPx: covered } = latest.current;
    const left = now.x + node.x * now.zoom;
    const top = now.y + node.y * now.zoom;
    const over = {
      left: MARGIN - left,
      right: left + node.width * now.zoom - (box.width - covered - MARGIN),
      top: HEAD_PX + MARGIN_TOP - top,
      bottom: top + node.height * now.zoom - (box.height - MARGIN),
    };
    const x = over.right > 0 ? now.x - over.right : over.left > 0 ? now.x + over.left : now.x;
    const y = over.top > 0 ? now.y + over.top : over.bottom > 0 ? now.y - over.bottom : now.y;
    if (x !== now.x || y !== now.y) move({ x, y });
  };

  return {
    onReady: (ready: CanvasControl) => {
      control.current = ready;
      note(ready.getViewport());
    },
    onMoved: note,
    switchTo,
    reveal,
  };
}
