"use client";

import { Slot } from "radix-ui/slot";
import { afterPage, useAfterPage } from "./after-page.ts";
import { useCarriedFocus } from "./carried-focus.ts";
import type { PopoverProps } from "./popover-part.tsx";

const part = afterPage(() => import("./popover-part.tsx"));

/** A small panel beside the button that opens it. The button stands while the rest comes. */
export function Popover(props: Omit<PopoverProps, "triggerRef">) {
  const loaded = useAfterPage(part);
  const focus = useCarriedFocus();
  if (loaded) return <loaded.Popover {...props} triggerRef={focus.to} />;
  // A press meanwhile is kept: the panel opens when it has come.
  return (
    <Slot ref={focus.from} onClick={() => props.onOpenChange?.(true)}>
      {props.trigger}
    </Slot>
  );
}
