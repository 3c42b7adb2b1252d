"use client";

import { lazy, Suspense } from "react";
import type { PopoverProps } from "./popover-part.tsx";

const LoadedPopover = lazy(async () => ({ default: (await import("./popover-part.tsx")).Popover }));

/** A small panel beside the button that opens it. The button stands while the rest comes. */
export const Popover = (props: PopoverProps) => (
  <Suspense fallback={props.trigger}>
    <LoadedPopover {...props} />
  </Suspense>
);
