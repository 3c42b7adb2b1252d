"use client";

import * as Radix from "radix-ui/dialog";
import type { ReactNode } from "react";
import { closeOnEscape } from "#components/ui/close-on-escape.ts";
import { scrim } from "#components/ui/dialog.tsx";
import { useFocusReturn } from "#components/ui/focus-return.ts";

interface RailSheetProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
}

/** The rail over the page, on a screen that has no room beside it. */
export function RailSheet({ isOpen, onOpenChange, children }: RailSheetProps) {
  const focusReturn = useFocusReturn();
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          aria-describedby={undefined}
          {...focusReturn}
          onKeyDown={closeOnEscape(() => onOpenChange(false))}
          className="fixed inset-y-0 left-0 z-50 w-64 border-line border-r bg-canvas shadow-dialog outline-none focus-visible:shadow-dialog data-[state=closed]:animate-leave data-[state=open]:animate-enter"
        >
          <Radix.Title className="sr-only">Menu</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
