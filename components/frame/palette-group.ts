import type { ReactNode } from "react";
import type { IconName } from "#components/ui/icons.tsx";

export interface PaletteItem {
  id: string;
  icon: IconName;
  label: ReactNode;
  /** What is looked for, where the label is more than its words. */
  words: string;
  /** What to know about it: "312 held, goes to crm-sync". */
  note?: string;
  run: () => void;
}

export interface PaletteGroup {
  /** "Actions", or a kind of resource. */
  heading: string;
  items: readonly PaletteItem[];
}
