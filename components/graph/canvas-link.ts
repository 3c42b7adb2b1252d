// Between the canvas and what stands outside of it: the zoom in the bar, the strip beside it. Pure.

export interface CanvasView {
  /** In percent; what is drawn compactly has none. */
  zoomPercent: number;
  isCompact: boolean;
  /** The part of the world that is seen, in its own measures. */
  top: number;
  bottom: number;
}

export interface CanvasCommands {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  /** Pans so that this height of the world is in the middle. */
  centerOn(y: number): void;
}

export interface CanvasLink {
  read(): CanvasView;
  show(view: Partial<CanvasView>): void;
  subscribe(listener: () => void): () => void;
  /** What the canvas does when it is told to; undefined while there is none. */
  commands: CanvasCommands | undefined;
}

export function makeCanvasLink(): CanvasLink {
  let view: CanvasView = { zoomPercent: 100, isCompact: false, top: 0, bottom: 0 };
  const listeners = new Set<() => void>();
  return {
    commands: undefined,
    read: () => view,
    show(change) {
      const next = { ...view, ...change };
      if (Object.entries(next).every(([key, value]) => view[key as keyof CanvasView] === value)) return;
      view = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
