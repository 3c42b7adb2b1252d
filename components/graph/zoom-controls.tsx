"use client";

import { useSyncExternalStore } from "react";
import { IconButton } from "#components/ui/button.tsx";
import type { CanvasLink, CanvasView } from "./canvas-link.ts";

export function useCanvasView<T extends string | number | boolean>(link: CanvasLink, read: (view: CanvasView) => T): T {
  const now = () => read(link.read());
  return useSyncExternalStore(link.subscribe, now, now);
}

/** Nearer, farther, and all of it. */
export function ZoomControls({ link }: { link: CanvasLink }) {
  const words = useCanvasView(link, ({ isCompact, zoomPercent }) => (isCompact ? "Compact" : `${zoomPercent} %`));
  return (
    <span className="flex items-center gap-px max-md:hidden">
      <IconButton icon="minus" label="Zoom out" title="Zoom out" onClick={() => link.commands?.zoomOut()} />
      <span aria-live="polite" className="min-w-12 text-center text-muted text-xs">
        {words}
      </span>
      <IconButton icon="plus" label="Zoom in" title="Zoom in" onClick={() => link.commands?.zoomIn()} />
      <IconButton icon="expand" label="Show all" title="Show all" onClick={() => link.commands?.fit()} />
    </span>
  );
}
