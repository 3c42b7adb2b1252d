"use client";

import type { RefObject } from "react";
import type { RowState } from "#components/data/row-keys.ts";
import { useKeys } from "#components/ui/use-keys.ts";

interface ListKeys {
  isChoosable: boolean;
  box: RefObject<HTMLElement | null>;
  state: RowState;
  onState: (state: RowState) => void;
  rowIds: readonly string[];
  openId: string | undefined;
  open: (id: string) => void;
  close: () => void;
  clear: () => void;
}

/** The keys of a list wherever the focus is on its page: they give it to the list, which has them itself from there. */
export function useListKeys({ isChoosable, box, state, onState, rowIds, openId, open, close, clear }: ListKeys): void {
  const hand = (key: string) => {
    const row = box.current?.querySelector<HTMLElement>("tr[tabindex='0']");
    if (!row) return;
    row.focus();
    if (state.current < 0 && key.toLowerCase() !== "x") onState({ ...state, current: 0 });
    else row.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  };
  const openCurrent = () => {
    const id = rowIds[Math.max(state.current, 0)];
    if (id !== undefined) open(id);
  };
  useKeys([
    { keys: "j", label: "Next row", run: () => hand("j") },
    { keys: "k", label: "Row before", run: () => hand("k") },
    { keys: "Enter", label: "Open the row", run: openCurrent },
    ...(isChoosable
      ? [
          { keys: "x", label: "Choose the row", run: () => hand("x") },
          { keys: "X", label: "Choose the rows up to this one", run: () => hand("X") },
        ]
      : []),
    {
      keys: "Escape",
      label: isChoosable ? "Close the panel, then choose nothing" : "Close the panel",
      run: () => (openId === undefined ? clear() : close()),
    },
  ]);
}
