"use client";

import * as Radix from "radix-ui/dialog";
import { type ReactNode, useEffect } from "react";
import { IconButton } from "./button.tsx";
import { cn } from "./class-names.ts";
import { useFocusReturn } from "./focus-return.ts";

/** Where the drawer is a page of its own (the `md` breakpoint). */
const PAGE_QUERY = "(max-width: 767px)";

interface DrawerProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  /** Beside the title: state, one action. */
  actions?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}

/** What lies under a drawer that fills the screen can be reached by no key and no screen reader. */
function useInertFrame(isOpen: boolean) {
  useEffect(() => {
    const frame = document.querySelector<HTMLElement>("[data-frame]");
    if (!isOpen || !frame) return;
    const query = matchMedia(PAGE_QUERY);
    const apply = () => {
      frame.inert = query.matches;
    };
    apply();
    query.addEventListener("change", apply);
    return () => {
      query.removeEventListener("change", apply);
      frame.inert = false;
    };
  }, [isOpen]);
}

/** A thing and its settings beside the page it belongs to, which stays usable; a page below 768 px. Esc closes it. */
export function Drawer({ isOpen, onOpenChange, title, actions, children, footer }: DrawerProps) {
  useInertFrame(isOpen);
  const focusReturn = useFocusReturn();
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange} modal={false}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          {...focusReturn}
          // The page beside it is for use: a press there is no wish to close the drawer.
          onInteractOutside={(event) => event.preventDefault()}
          className={cn(
            "fixed inset-y-0 right-0 z-30 flex w-full flex-col bg-float outline-none focus-visible:shadow-none",
            "md:w-(--w-drawer) md:border-line md:border-l md:shadow-drawer md:focus-visible:shadow-drawer",
            "data-[state=closed]:animate-slide-out data-[state=open]:animate-slide-in",
          )}
        >
          <div className="flex h-(--h-bar) shrink-0 items-center gap-2 border-line border-b pr-2 pl-4">
            <Radix.Title className="min-w-0 flex-1 truncate font-semibold text-base tracking-tight">
              {title}
            </Radix.Title>
            {actions}
            <Radix.Close asChild>
              <IconButton icon="close" label="Close" />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {footer ? <div className="flex gap-2 border-line border-t px-4 py-3">{footer}</div> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
