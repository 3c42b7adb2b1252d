"use client";

import * as Radix from "radix-ui/dialog";
import { type KeyboardEvent, type ReactNode, useEffect } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { closeOnEscape } from "#components/ui/close-on-escape.ts";
import { useFocusReturn } from "#components/ui/focus-return.ts";
import { Tag } from "#components/ui/tag.tsx";

interface EditorFrameProps {
  /** What it is a rule of; leads back there. */
  connectionName: string;
  title: string;
  isUnsaved: boolean;
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** The page under it stays where it was, and cannot be reached while the editor covers it. */
function useInertPage() {
  useEffect(() => {
    const page = document.getElementById("content");
    if (!page) return;
    page.inert = true;
    return () => {
      page.inert = false;
    };
  }, []);
}

/** A rule's editor in the place of the page, beside the rail. Esc goes back to the connection. */
export function EditorFrame(props: EditorFrameProps) {
  const { connectionName, title, isUnsaved, onClose, actions, children, footer, onKeyDown } = props;
  useInertPage();
  const focusReturn = useFocusReturn(true);
  return (
    <Radix.Root open modal={false} onOpenChange={(isOpen) => isOpen || onClose()}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          {...focusReturn}
          onOpenAutoFocus={(event) => {
            // Not on the first link of its head: the keys of the editor work from here, and Tab goes on into it.
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onInteractOutside={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            onKeyDown?.(event);
            closeOnEscape(onClose)(event);
          }}
          className="fixed inset-y-0 right-0 left-(--w-rail) z-30 flex flex-col bg-surface outline-none focus-visible:shadow-none max-wide:left-(--w-rail-narrow) max-md:left-0"
        >
          <div className="flex h-(--h-bar) shrink-0 items-center gap-2 border-line border-b pr-2 pl-5 max-md:pl-3.5">
            <p className="flex min-w-0 items-center gap-2 text-muted max-md:hidden">
              <span>Connections</span>
              <span aria-hidden="true">/</span>
              <button type="button" onClick={onClose} className="truncate hovered:text-ink">
                {connectionName}
              </button>
              <span aria-hidden="true">/</span>
            </p>
            <Radix.Title className="font-semibold text-base tracking-tight">
              <span className="md:sr-only">{connectionName}: </span>
              {title}
            </Radix.Title>
            {isUnsaved ? <Tag>unsaved</Tag> : null}
            <span className="ml-auto flex items-center gap-1.5">
              {actions}
              <Radix.Close asChild>
                <IconButton icon="close" label="Close the editor" />
              </Radix.Close>
            </span>
          </div>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
          {footer ? <div className="shrink-0 border-line border-t px-5 py-2.5 max-md:px-3.5">{footer}</div> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
