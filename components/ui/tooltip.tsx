"use client";

import * as Radix from "radix-ui/tooltip";
import type { ReactNode } from "react";
import { Kbd } from "./kbd.tsx";

/** How long a pointer rests before the first tooltip shows; the next ones show at once. */
const DELAY_MS = 400;

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={DELAY_MS}>{children}</Radix.Provider>
);

interface TooltipProps {
  text: ReactNode;
  /** The key that does the same as the button. */
  keyHint?: string;
  side?: "top" | "right" | "bottom";
  /** One element that takes focus. */
  children: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}

/** A word about a control, for pointer and keyboard alike. Nothing that is needed stands only here. */
export function Tooltip({ text, keyHint, side = "top", children, isOpen, onOpenChange }: TooltipProps) {
  return (
    <Radix.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className="z-50 flex max-w-xs items-center gap-1.5 rounded-sm bg-primary px-2 py-[5px] text-on-primary text-xs shadow-menu data-[state=delayed-open]:animate-enter"
        >
          {text}
          {keyHint ? <Kbd className="border-transparent">{keyHint}</Kbd> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
