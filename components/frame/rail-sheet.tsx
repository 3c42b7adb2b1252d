"use client";

import { Title } from "radix-ui/dialog";
import type { ReactNode } from "react";
import { Modal } from "#components/ui/dialog.tsx";

interface RailSheetProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
}

/** The rail over the page, on a screen that has no room beside it. */
export const RailSheet = ({ children, ...layer }: RailSheetProps) => (
  <Modal
    {...layer}
    className="fixed inset-y-0 left-0 z-50 w-64 border-line border-r bg-canvas shadow-dialog outline-none focus-visible:shadow-dialog data-[state=closed]:animate-leave data-[state=open]:animate-enter"
  >
    <Title className="sr-only">Menu</Title>
    {children}
  </Modal>
);
