"use client";

import { type ComponentProps, lazy } from "react";
import { Later } from "#components/ui/later.tsx";
import type { Transformation } from "#server/contracts/transformation.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import type { StillUsed } from "./still-used.tsx";

const loadDuplicate = async () => ({ default: (await import("./duplicate-dialog.tsx")).DuplicateDialog });
const loadStillUsed = async () => ({ default: (await import("./still-used.tsx")).StillUsed });
const DuplicateDialog = lazy(loadDuplicate);
const StillUsedDialog = lazy(loadStillUsed);

interface DialogsProps {
  saved: Transformation;
  open: "duplicate" | "delete" | undefined;
  uses: ComponentProps<typeof StillUsed>["uses"] | undefined;
  close: () => void;
}

/** What is asked before a copy is made, and before the transformation is gone. */
export function Dialogs({ saved, open, uses = [], close }: DialogsProps) {
  const isUsed = uses.length > 0;
  return (
    <>
      <Later isOpen={open === "duplicate"} load={loadDuplicate}>
        <DuplicateDialog saved={saved} isOpen={open === "duplicate"} close={close} />
      </Later>
      <DeleteDialog saved={saved} isOpen={open === "delete" && !isUsed} close={close} />
      <Later isOpen={open === "delete" && isUsed} load={loadStillUsed}>
        <StillUsedDialog saved={saved} uses={uses} isOpen={open === "delete" && isUsed} close={close} />
      </Later>
    </>
  );
}
