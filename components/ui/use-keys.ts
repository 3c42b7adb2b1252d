"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";
import { type KeyBinding, type KeyPress, readKey } from "./key-sequence.ts";

/** After this long the second key of a sequence is a first one again. */
const SEQUENCE_MS = 1200;

const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false']), [role='textbox']";
/** What is open on top has keys of its own. */
const OVER_THE_PAGE = "[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']";

// One listener for the whole page: with two, each would know of half a sequence.
let bindings: readonly KeyBinding[] = [];
let pending = "";
let pendingSince = 0;
const listeners = new Set<() => void>();

function change(next: readonly KeyBinding[]) {
  if (bindings.length === 0) addEventListener("keydown", onKeyDown);
  if (next.length === 0) removeEventListener("keydown", onKeyDown);
  bindings = next;
  for (const listener of listeners) listener();
}

/** What Enter presses. */
const PRESSED_BY_ENTER = "button, a[href], summary, [role='button'], [role='link']";

/** Help is asked for wherever one is: also from within a drawer or a dialog. */
const HELP = new Set(["?", "F1"]);

/** Elements on which a key is theirs and none of the page's. */
function ownKeys(key: string): string {
  if (HELP.has(key)) return TYPING;
  return key === "Enter" ? `${TYPING}, ${OVER_THE_PAGE}, ${PRESSED_BY_ENTER}` : `${TYPING}, ${OVER_THE_PAGE}`;
}

function pressOf(event: KeyboardEvent): KeyPress {
  const target = event.target instanceof Element ? event.target : undefined;
  return {
    key: event.key,
    hasModifier: event.ctrlKey || event.metaKey || event.altKey,
    isTyping: event.isComposing || target?.closest(ownKeys(event.key)) != null,
    isRepeat: event.repeat,
  };
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.key === "Shift") return;
  const isLate = event.timeStamp - pendingSince > SEQUENCE_MS;
  const outcome = readKey(bindings, isLate ? "" : pending, pressOf(event));
  pending = outcome.pending;
  pendingSince = event.timeStamp;
  if (!outcome.binding) return;
  event.preventDefault();
  outcome.binding.run();
}

/** Makes these keys work while the component is there, and lists them under `?`. `own` may be made anew on each render. */
export function useKeys(own: readonly KeyBinding[]): void {
  const latest = useRef(own);
  latest.current = own;
  const names = own.map(({ keys, label }) => `${keys}\n${label}`).join("\n\n");
  useEffect(() => {
    const added = names
      .split("\n\n")
      .filter(Boolean)
      .map((name): KeyBinding => {
        const [keys = "", label = ""] = name.split("\n");
        return { keys, label, run: () => latest.current.find((one) => one.keys === keys)?.run() };
      });
    change([...bindings, ...added]);
    return () => change(bindings.filter((one) => !added.includes(one)));
  }, [names]);
}

const NONE: readonly KeyBinding[] = [];

/** The keys that work at this moment on this page. */
export const useActiveKeys = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => bindings,
    () => NONE,
  );

/** ⌘K, or Ctrl K where there is no ⌘; also while typing, since no field takes it. */
export function usePaletteKey(open: () => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
