"use client";

import * as Radix from "radix-ui/dialog";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";
import { closeOnEscape } from "./close-on-escape.ts";
import { useFocusReturn } from "./focus-return.ts";

interface DialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  /** What it is about, read out when it opens. */
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons, the one that goes on last. */
  footer?: ReactNode;
  size?: "sm" | "md";
}

const SIZES = { sm: "md:max-w-[440px]", md: "md:max-w-[640px]" };

/** The one surface of dialogs: centred, and from the bottom on a narrow screen. */
const dialogSurface = cn(
  "fixed z-50 flex flex-col border border-line bg-float shadow-dialog outline-none focus-visible:shadow-dialog",
  "max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[92dvh] max-md:rounded-t-xl max-md:border-b-0",
  "md:top-[18dvh] md:left-1/2 md:max-h-[76dvh] md:w-[calc(100vw-32px)] md:-translate-x-1/2 md:rounded-xl",
  "data-[state=closed]:animate-leave max-md:data-[state=open]:animate-rise md:data-[state=open]:animate-enter",
);

const scrim = "fixed inset-0 z-50 bg-scrim data-[state=closed]:animate-leave data-[state=open]:animate-enter";

interface ModalProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  className: string;
  /** Whether a Radix.Description within says what it is about. */
  isDescribed?: boolean;
  /** Holds the title. */
  children: ReactNode;
}

/** A layer over the dimmed page that holds the focus, and gives it back when Esc or a press outside closes it. */
export function Modal({ isOpen, onOpenChange, className, isDescribed = false, children }: ModalProps) {
  const focusReturn = useFocusReturn(isOpen);
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          {...focusReturn}
          onKeyDown={closeOnEscape(() => onOpenChange(false))}
          className={className}
          {...(isDescribed ? {} : { "aria-describedby": undefined })}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** {@link Modal} on the surface of dialogs. */
export const ModalDialog = ({ className, ...rest }: ModalProps) => (
  <Modal {...rest} className={cn(dialogSurface, className)} />
);

/** Asks something before going on. Esc and a press outside close it and change nothing. */
export function Dialog({ isOpen, onOpenChange, title, description, children, footer, size = "sm" }: DialogProps) {
  return (
    <ModalDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      className={SIZES[size]}
      isDescribed={description !== undefined}
    >
      <div className="min-h-0 overflow-y-auto px-5 pt-5 pb-4">
        <Radix.Title className="font-semibold text-lg tracking-tight">{title}</Radix.Title>
        {description === undefined ? null : (
          <Radix.Description asChild>
            <div className="mt-1.5 text-base text-muted [&_b]:font-medium [&_b]:text-ink">{description}</div>
          </Radix.Description>
        )}
        {children ? <div className="mt-3.5">{children}</div> : null}
      </div>
      {footer ? (
        <div className="flex justify-end gap-2 px-5 pb-4 max-md:flex-col-reverse max-md:pb-5">{footer}</div>
      ) : null}
    </ModalDialog>
  );
}
