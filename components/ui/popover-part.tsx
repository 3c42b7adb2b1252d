"use client";

import * as Radix from "radix-ui/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./class-names.ts";
import { floating } from "./floating.ts";

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement<{ onClick?: () => void }>;
  label: string;
  children: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  align?: "start" | "end";
  className?: string;
}

/** A small panel beside the button that opens it. */
export function Popover({ trigger, label, children, isOpen, onOpenChange, align = "start", className }: PopoverProps) {
  return (
    <Radix.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={cn(floating, "overflow-auto outline-none focus-visible:shadow-menu", className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
