"use client";

import * as Radix from "radix-ui/dialog";
import { useRef } from "react";
import { cn } from "#components/ui/class-names.ts";
import { closeOnEscape } from "#components/ui/close-on-escape.ts";
import { dialogSurface, scrim } from "#components/ui/dialog.tsx";
import { useFocusReturn } from "#components/ui/focus-return.ts";
import { askReplay, type ReplayAsk } from "./ask.ts";
import { ReplayFlow } from "./replay-flow.tsx";

/** The one dialog for everything that is sent again or ended: it counts first, and says what it will do. */
export function ReplayDialog({ ask }: { ask: ReplayAsk | undefined }) {
  const focusReturn = useFocusReturn();
  // What is fading out still shows what it was about.
  const last = useRef(ask);
  last.current = ask ?? last.current;
  const shown = last.current;
  return (
    <Radix.Root open={ask !== undefined} onOpenChange={(isOpen) => !isOpen && askReplay(undefined)}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          {...focusReturn}
          onKeyDown={closeOnEscape(() => askReplay(undefined))}
          aria-describedby={undefined}
          className={cn(dialogSurface, "md:top-[10dvh] md:max-h-[84dvh] md:max-w-[560px]")}
        >
          {shown ? <ReplayFlow key={JSON.stringify(shown)} ask={shown} close={() => askReplay(undefined)} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
