"use client";

import type { ReactNode } from "react";
import { refusalWords } from "#components/data/server-issues.ts";
import { Button } from "#components/ui/button.tsx";
import type { Refused } from "./use-resource-form.ts";

interface SaveBarProps {
  form: {
    changed: readonly string[];
    isBusy: boolean;
    isBehind: boolean;
    refused: Refused | null;
    forget: () => void;
  };
  onSave: () => void;
  labelOf: (field: string) => string;
  /** What a save brings about. */
  note: ReactNode;
}

/** The foot of a form: what is so, the way back, and Save. */
export function SaveBar({ form, onSave, labelOf, note }: SaveBarProps) {
  const count = form.changed.length;
  const says = form.isBehind
    ? "Somebody has saved it meanwhile: Save shows what they changed."
    : count === 0
      ? "Nothing changed."
      : note;
  return (
    <>
      <div className="min-w-0 flex-1 text-muted text-xs">
        {form.refused ? (
          <p role="alert" className="text-failed">
            {refusalWords(form.refused, labelOf)}
          </p>
        ) : (
          <p>{says}</p>
        )}
      </div>
      {count > 0 ? (
        <Button size="lg" kind="quiet" onClick={form.forget}>
          Discard
        </Button>
      ) : null}
      <Button size="lg" kind="primary" disabled={count === 0} isBusy={form.isBusy} onClick={onSave}>
        Save
      </Button>
    </>
  );
}
