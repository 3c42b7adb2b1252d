"use client";

import { cloneElement } from "react";
import { afterPage, useAfterPage } from "./after-page.ts";
import type { PopoverProps } from "./popover-part.tsx";

const part = afterPage(() => import("./popover-part.tsx"));

/** A small panel beside the button that opens it. The button stands while the rest comes. */
export function Popover(props: PopoverProps) {
  const loaded = useAfterPage(part);
  if (loaded) return <loaded.Popover {...props} />;
  // A press meanwhile is kept: the panel opens when it has come.
  return cloneElement(props.trigger, { onClick: () => props.onOpenChange?.(true) });
}
