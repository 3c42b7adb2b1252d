"use client";

import { afterPage, useAfterPage } from "./after-page.ts";
import type { PopoverProps } from "./popover-part.tsx";

const part = afterPage(() => import("./popover-part.tsx"));

/** A small panel beside the button that opens it. The button stands while the rest comes. */
export function Popover(props: PopoverProps) {
  const loaded = useAfterPage(part);
  return loaded ? <loaded.Popover {...props} /> : props.trigger;
}
