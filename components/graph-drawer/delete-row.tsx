"use client";

import { type ReactNode, useState } from "react";
import { AskFirst } from "#components/settings/ask-first.tsx";
import { Button } from "#components/ui/button.tsx";

interface DeleteRowProps {
  name: string;
  /** What goes with it, in numbers. */
  affects: ReactNode;
  confirmLabel: string;
  onDelete: () => Promise<void>;
}

/** The way to delete a resource: says what goes with it, and asks for its name. */
export function DeleteRow({ name, affects, confirmLabel, onDelete }: DeleteRowProps) {
  const [isAsked, setAsked] = useState(false);
  return (
    <div className="flex items-center gap-3">
      <p className="min-w-0 flex-1 text-muted text-xs">{affects}</p>
      <Button kind="danger" onClick={() => setAsked(true)}>
        Delete…
      </Button>
      <AskFirst
        isOpen={isAsked}
        onOpenChange={setAsked}
        title={`Delete ${name}?`}
        affects={affects}
        name={name}
        confirmLabel={confirmLabel}
        onConfirm={onDelete}
      />
    </div>
  );
}
