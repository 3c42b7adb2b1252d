"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { onToasts, readToasts, type ShownToast } from "./toasts.ts";

/** Comes with the first toast. */
const ToastCorner = lazy(async () => ({ default: (await import("./toast-corner.tsx")).ToastCorner }));

const NONE: readonly ShownToast[] = [];

/** Where {@link showToast}'s messages appear: bottom right. */
export function Toaster() {
  const toasts = useSyncExternalStore(onToasts, readToasts, () => NONE);
  if (toasts.length === 0) return null;
  return (
    <Suspense>
      <ToastCorner toasts={toasts} />
    </Suspense>
  );
}
