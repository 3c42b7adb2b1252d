"use client";

import { Fragment } from "react";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { useActiveKeys } from "#components/ui/use-keys.ts";

const ALWAYS = [
  { keys: "⌘K", label: "Find or do (Ctrl K where there is no ⌘)" },
  { keys: "Esc", label: "Back one layer" },
];

/** The keys that work here and now. */
export function KeyHelp({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const active = useActiveKeys();
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Keys"
      description="They do nothing while you type in a field."
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {[...ALWAYS, ...active].map(({ keys, label }) => (
          <Fragment key={keys}>
            <dt className="flex gap-1">
              {keys.split(" ").map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
