"use client";

import { createContext, type ReactNode, use, useId } from "react";
import { Icon } from "./icon.tsx";

interface FieldContext {
  id: string;
  describedBy: string | undefined;
  isInvalid: boolean;
}

const Context = createContext<FieldContext | undefined>(undefined);

/** What ties a control to the label, help and error of the {@link Field} around it. */
export function useFieldProps() {
  const field = use(Context);
  if (!field) return {};
  return { id: field.id, "aria-describedby": field.describedBy, "aria-invalid": field.isInvalid || undefined };
}

interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  /** What is wrong and what to do about it. Takes the place of the help. */
  error?: ReactNode;
  children: ReactNode;
}

/** One control with its name above it, and what to know or to correct below it. */
export function Field({ label, help, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const isInvalid = error !== undefined;
  const note = error ?? help;
  return (
    <Context value={{ id, describedBy: note === undefined ? undefined : noteId, isInvalid }}>
      <div className="grid content-start gap-[5px]">
        <label htmlFor={id} className="justify-self-start font-medium text-ink-2 text-xs">
          {label}
        </label>
        {children}
        {/* The place is there before the error is, so that a screen reader hears it come. */}
        <div id={noteId} role={isInvalid ? "alert" : undefined} className="text-xs empty:hidden">
          {isInvalid ? (
            <p className="flex gap-1 text-failed">
              <Icon name="warning" size={12} className="mt-0.5" />
              <span>{error}</span>
            </p>
          ) : help ? (
            <p className="text-muted">{help}</p>
          ) : null}
        </div>
      </div>
    </Context>
  );
}
