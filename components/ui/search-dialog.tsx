"use client";

import { Command } from "cmdk";
import { Title } from "radix-ui/dialog";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";
import { ModalDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";

interface SearchDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  /** Its greatest width on a wide screen. */
  className: string;
  /** Holds what was typed, which is forgotten when the dialog closes. */
  children: ReactNode;
}

/** A dialog of one field and what is found of it. */
export const SearchDialog = ({ title, className, children, ...layer }: SearchDialogProps) => (
  <ModalDialog {...layer} className={cn("overflow-hidden", className)}>
    <Title className="sr-only">{title}</Title>
    {children}
  </ModalDialog>
);

interface SearchFieldProps {
  value: string;
  onValueChange: (text: string) => void;
  placeholder: string;
  className: string;
}

/** The field at the head of a search, within a Command. */
export const SearchField = ({ className, ...field }: SearchFieldProps) => (
  <div className={cn("flex shrink-0 items-center gap-2.5 border-line border-b pr-3 text-faint", className)}>
    <Icon name="search" />
    <Command.Input
      {...field}
      className="h-full min-w-0 flex-1 bg-transparent text-base text-ink caret-accent-solid placeholder:text-faint focus-visible:shadow-none"
    />
    <Kbd>Esc</Kbd>
  </div>
);

/** The keys of a search, at its foot. @param enter what Enter does with what is chosen */
export const SearchFoot = ({ enter, children }: { enter: string; children?: ReactNode }) => (
  <div className="flex h-[34px] shrink-0 items-center gap-[5px] border-line border-t px-3 text-2xs text-muted">
    <Kbd>↑</Kbd>
    <Kbd>↓</Kbd>
    move
    <Kbd className="ml-1.5">↵</Kbd>
    {enter}
    {children ? <span className="ml-auto max-md:hidden">{children}</span> : null}
  </div>
);
