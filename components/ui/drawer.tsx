"use client";

import * as Radix from "radix-ui/dialog";
import { type ReactNode, useEffect } from "react";
import { IconButton } from "./button.tsx";
import { cn } from "./class-names.ts";
import { closeOnEscape } from "./close-on-escape.ts";
import { useFocusReturn } from "./focus-return.ts";
import { useKeepFocus } from "./keep-focus.ts";

/** Where the drawer is a page of its own (the `md` breakpoint). */
const PAGE_QUERY = "(max-width: 767px)";

interface DrawerFrameProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** A {@link DrawerContent}. */
  children: ReactNode;
}

interface DrawerContentProps {
  title: ReactNode;
  /** Beside the title: state, one action. */
  actions?: ReactNode;
  /** Under the title, above what scrolls: route, ids, actions. */
  head?: ReactNode;
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

/**
 * The place beside a page, which stays usable; a page of its own below 768 px. Esc closes it. It stays open while what it
 * holds changes.
 */
export function DrawerFrame({ isOpen, onOpenChange, children }: DrawerFrameProps) {
  useInertFrame(isOpen);
  const focusReturn = useFocusReturn(isOpen);
  const keepFocus = useKeepFocus();
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange} modal={false}>
      <Radix.Portal>
        <Radix.Content
          ref={keepFocus}
          aria-describedby={undefined}
          data-drawer
          {...focusReturn}
          onKeyDown={closeOnEscape(() => onOpenChange(false))}
          // The page beside it is for use: a press there is no wish to close the drawer.
          onInteractOutside={(event) => event.preventDefault()}
          className={cn(
            "fixed inset-y-0 right-0 z-30 flex w-full flex-col bg-float outline-none focus-visible:shadow-none",
            // The bar of the page stays in reach.
            "md:top-(--h-bar) md:w-(--w-drawer) md:border-line md:border-l md:shadow-drawer md:focus-visible:shadow-drawer",
            "data-[state=closed]:animate-slide-out data-[state=open]:animate-slide-in",
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What stands in a {@link DrawerFrame}. */
export const DrawerContent = ({ title, actions, head, children, footer }: DrawerContentProps) => (
  <>
    <div className="flex h-(--h-bar) shrink-0 items-center gap-2 border-line border-b pr-2 pl-4 has-[+[data-head]]:border-b-0">
      <Radix.Title className="min-w-0 flex-1 truncate font-semibold text-base tracking-tight">{title}</Radix.Title>
      {actions}
      <Radix.Close asChild>
        <IconButton icon="close" label="Close" />
      </Radix.Close>
    </div>
    {head ? (
      <div data-head className="shrink-0 px-4 pb-2.5">
        {head}
      </div>
    ) : null}
    <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    {footer ? <div className="flex items-center gap-2 border-line border-t px-4 py-3">{footer}</div> : null}
  </>
);

/** A thing and its settings beside the page it belongs to. */
export const Drawer = ({
  isOpen,
  onOpenChange,
  ...content
}: Omit<DrawerFrameProps, "children"> & DrawerContentProps) => (
  <DrawerFrame isOpen={isOpen} onOpenChange={onOpenChange}>
    <DrawerContent {...content} />
  </DrawerFrame>
);
