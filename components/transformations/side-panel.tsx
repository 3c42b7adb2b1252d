import type { ReactNode } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { PaneHead } from "./pane.tsx";

interface SidePanelProps {
  title: string;
  note?: string;
  close: () => void;
  children: ReactNode;
}

/** Something to know about the transformation, in the place of what it is tried on. */
export function SidePanel({ title, note, close, children }: SidePanelProps) {
  useKeys([{ keys: "Escape", label: "Back to trying it", run: close }]);
  return (
    <section aria-label={title}>
      <PaneHead
        title={title}
        className="border-line border-b"
        end={<IconButton icon="close" size="sm" label={`Close ${title.toLowerCase()}`} onClick={close} />}
      >
        {note ? <span className="min-w-0 truncate text-muted text-xs">{note}</span> : null}
      </PaneHead>
      {children}
    </section>
  );
}
