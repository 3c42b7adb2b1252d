"use client";

import { useRef } from "react";
import { ModalDialog } from "#components/ui/dialog.tsx";
import { askReplay, type ReplayAsk } from "./ask.ts";
import { ReplayFlow } from "./replay-flow.tsx";

/** The one dialog for everything that is sent again or ended: it counts first, and says what it will do. */
export function ReplayDialog({ ask }: { ask: ReplayAsk | undefined }) {
  // What is fading out still shows what it was about.
  const last = useRef(ask);
  last.current = ask ?? last.current;
  const shown = last.current;
  return (
    <ModalDialog
      isOpen={ask !== undefined}
      onOpenChange={(isOpen) => !isOpen && askReplay(undefined)}
      className="md:top-[10dvh] md:max-h-[84dvh] md:max-w-[560px]"
    >
      {shown ? <ReplayFlow key={JSON.stringify(shown)} ask={shown} close={() => askReplay(undefined)} /> : null}
    </ModalDialog>
  );
}
