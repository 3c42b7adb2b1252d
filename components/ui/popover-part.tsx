"use client";

import * as Radix from "radix-ui/popover";
import type { ReactElement, ReactNode, Ref } from "react";
import { cn } from "./class-names.ts";
import { floating } from "./floating.ts";

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement;
  triggerRef: Ref<HTMLButtonElement>;
  label: string;
  children: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  /** Takes the focus to another place than the first that can have it. */
  onOpenAutoFocus?: (event: Event) => void;
  align?: "start" | "end";
  className?: string;
}

/** A small panel beside the button that opens it. */
export function Popover(props: PopoverProps) {
  const { trigger, triggerRef, label, children, isOpen, onOpenChange, onOpenAutoFocus, align = "start" } = props;
  return (
    <Radix.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      <Radix.Trigger asChild ref={triggerRef}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          {...(onOpenAutoFocus && { onOpenAutoFocus })}
          className={cn(floating, "overflow-auto outline-none focus-visible:shadow-menu", props.className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
