// The toasts that are on the screen: one list for the whole page, as there is one corner for them.
import type { ReactNode } from "react";

export interface Toast {
  text: ReactNode;
  /** What happened, as an icon: it worked, it did not, or something is held. */
  kind?: "done" | "failed" | "held";
  action?: { label: string; run: () => void };
}

export interface ShownToast extends Toast {
  id: number;
  isOpen: boolean;
}

/** More would hide the page that they are about. */
const MOST = 3;

let toasts: readonly ShownToast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly ShownToast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says in the corner what just happened. Where it can be taken back, give the action "Undo". */
export function showToast(toast: Toast): void {
  lastId += 1;
  change([...toasts, { ...toast, id: lastId, isOpen: true }].slice(-MOST));
}

/** Lets it fade. */
export const closeToast = (id: number) =>
  change(toasts.map((toast) => (toast.id === id ? { ...toast, isOpen: false } : toast)));

/** Forgets it when it has faded. */
export const dropToast = (id: number) => change(toasts.filter((toast) => toast.id !== id));

export const readToasts = () => toasts;

export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
