"use client";

import type { ReactNode } from "react";
import { ClockProvider } from "#components/ui/clock.tsx";
import { styleNonce } from "#components/ui/style-nonce.ts";
import { Toaster } from "#components/ui/toaster.tsx";

/** What the primitives on a page stand on. `serverNow` is when the server made it, in ms. */
export function PageProviders({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  // Before the first dialog: locking the scroll of the page adds a style element.
  styleNonce();
  return (
    <ClockProvider serverNow={serverNow}>
      {children}
      <Toaster />
    </ClockProvider>
  );
}
