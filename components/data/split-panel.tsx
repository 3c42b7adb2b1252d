"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { boundedWidth, PANEL_WIDTH, readWidth, widthAfterKey } from "./panel-width.ts";

const STORED_AS = "switchyard.panel-width";
const CHANGED = "switchyard:panel-width";

function remember(px: number) {
  try {
    localStorage.setItem(STORED_AS, String(px));
  } catch {
    // Without storage the width lasts as long as the page.
  }
  dispatchEvent(new Event(CHANGED));
}
function recall(): number {
  try {
    return readWidth(localStorage.getItem(STORED_AS));
  } catch {
    return PANEL_WIDTH.initial;
  }
}
function subscribe(listener: () => void) {
  addEventListener(CHANGED, listener);
  addEventListener("storage", listener);
  return () => {
    removeEventListener(CHANGED, listener);
    removeEventListener("storage", listener);
  };
}

interface SplitPanelProps {
  list: ReactNode;
  /** Undefined while nothing is open. */
  panel: ReactNode | undefined;
  panelLabel: string;
  onClose: () => void;
}

const OVER = "[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']";

/** A list with a panel beside it: over it on a small screen, in its place on a phone. */
export function SplitPanel({ list, panel, panelLabel, onClose }: SplitPanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const aside = useRef<HTMLElement>(null);
  const width = useSyncExternalStore(subscribe, recall, () => undefined);
  const isOpen = panel !== undefined;
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest(`${OVER}, input, textarea`);
      if (event.key === "Escape" && !event.defaultPrevented && !isElsewhere) onClose();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOpen, onClose]);
  const pull = (event: PointerEvent<HTMLElement>) => {
    const right = box.current?.getBoundingClientRect().right;
    if (right !== undefined && event.currentTarget.hasPointerCapture(event.pointerId))
      remember(boundedWidth(right - event.clientX));
  };
  const step = (event: KeyboardEvent) => {
    const next = widthAfterKey(width ?? PANEL_WIDTH.initial, event.key);
    if (next === undefined) return;
    event.preventDefault();
    remember(next);
  };
  return (
    <div ref={box} className="relative flex min-h-0 flex-1">
      <div className={`flex min-w-0 flex-1 flex-col ${isOpen ? "max-md:hidden" : ""}`}>{list}</div>
      {isOpen ? (
        <aside
          ref={aside}
          aria-label={panelLabel}
          // By the script and not from the server, which does not know it: the policy allows that.
          style={width === undefined ? undefined : ({ "--panel": `${width}px` } as object)}
          className="relative flex min-h-0 w-(--panel,var(--w-panel)) shrink-0 flex-col border-line border-l bg-surface max-wide:absolute max-wide:inset-y-0 max-wide:right-0 max-wide:z-10 max-wide:max-w-[calc(100%-64px)] max-wide:bg-float max-wide:shadow-drawer max-md:static max-md:w-full max-md:max-w-none max-md:border-0 max-md:bg-surface max-md:shadow-none"
        >
          {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved */}
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label="Width of the panel"
            aria-valuemin={PANEL_WIDTH.min}
            aria-valuemax={PANEL_WIDTH.max}
            aria-valuenow={width ?? PANEL_WIDTH.initial}
            tabIndex={0}
            onKeyDown={step}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={pull}
            className="absolute inset-y-0 -left-[3px] z-10 w-1.5 cursor-col-resize touch-none after:absolute after:top-1/2 after:left-[1.5px] after:-mt-3.5 after:h-7 after:w-[3px] after:rounded-[2px] after:bg-line-strong max-md:hidden"
          />
          {panel}
        </aside>
      ) : null}
    </div>
  );
}
