// Marks on the graph: what a person points at, holds and walks along. Pure.

/** The marks of one card or edge, as bits: a number that is the same needs no new render. */
export const MARK = { lit: 1, selected: 2, current: 4, wantsFocus: 8, renaming: 16 } as const;

export interface MarkState {
  /** What is selected; its path stays lit. */
  selectedId: string | undefined;
  /** What the pointer or the focus is on; its path is lit while it is. */
  pointedId: string | undefined;
  /** The one card that Tab comes to. */
  currentId: string | undefined;
  /** A card that gets the focus as soon as it is drawn. */
  focusId: string | undefined;
  renamingId: string | undefined;
  /** The connection or fold whose numbers are shown, and where in the window. */
  numbersOf: { id: string; x: number; y: number } | undefined;
  /** The cards and edges of the path. Undefined: nothing is dimmed. */
  lit: ReadonlySet<string> | undefined;
}

export interface MarkStore {
  read(): MarkState;
  of(id: string): number;
  set(change: Partial<MarkState>): void;
  /** The wiring is another: the path may be, too. */
  refresh(): void;
  subscribe(listener: () => void): () => void;
}

const NONE: MarkState = {
  selectedId: undefined,
  pointedId: undefined,
  currentId: undefined,
  focusId: undefined,
  renamingId: undefined,
  numbersOf: undefined,
  lit: undefined,
};

/** @param pathOf the cards and edges that belong to one card's way */
export function makeMarks(pathOf: (id: string) => ReadonlySet<string> | undefined): MarkStore {
  let state = NONE;
  const listeners = new Set<() => void>();
  return {
    read: () => state,
    of: (id) =>
      (state.lit?.has(id) ? MARK.lit : 0) +
      (state.selectedId === id ? MARK.selected : 0) +
      (state.currentId === id ? MARK.current : 0) +
      (state.focusId === id ? MARK.wantsFocus : 0) +
      (state.renamingId === id ? MARK.renaming : 0),
    set(change) {
      const next = { ...state, ...change };
      const followed = next.pointedId ?? next.selectedId;
      if (followed !== (state.pointedId ?? state.selectedId)) {
        next.lit = followed === undefined ? undefined : pathOf(followed);
      }
      state = next;
      for (const listener of listeners) listener();
    },
    refresh() {
      const followed = state.pointedId ?? state.selectedId;
      if (followed === undefined) return;
      state = { ...state, lit: pathOf(followed) };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
