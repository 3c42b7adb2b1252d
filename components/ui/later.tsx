"use client";

import { type ReactNode, Suspense, useEffect, useRef } from "react";

interface LaterProps {
  isOpen: boolean;
  /** Fetches the code of what is inside. */
  load: () => Promise<unknown>;
  /** A lazy component. */
  children: ReactNode;
}

/**
 * A part of the frame that opens by a press: its code comes after the page, when the browser has nothing else to do, or
 * with the first press. It stays once it was open, so that it can close as it wants to.
 */
export function Later({ isOpen, load, children }: LaterProps) {
  const wasOpen = useRef(false);
  wasOpen.current ||= isOpen;
  useEffect(() => {
    const preload = () => void load().catch(() => {});
    // Safari has no idle callbacks.
    if (typeof requestIdleCallback === "undefined") setTimeout(preload, 1000);
    else requestIdleCallback(preload);
  }, [load]);
  return wasOpen.current ? <Suspense>{children}</Suspense> : null;
}
