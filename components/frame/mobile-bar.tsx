"use client";

import { usePathname } from "next/navigation";
import { lazy, type ReactNode, useEffect, useState } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { Later } from "#components/ui/later.tsx";
import { titleAt } from "./pages.ts";

const loadSheet = async () => ({ default: (await import("./rail-sheet.tsx")).RailSheet });
const RailSheet = lazy(loadSheet);

interface MobileBarProps {
  openPalette: () => void;
  themeSwitch: ReactNode;
  /** The rail as a sheet; `close` shuts it. */
  sheet: (close: () => void) => ReactNode;
}

/** The frame of a narrow screen: the rail behind a button, the page's name, find, theme. */
export function MobileBar({ openPalette, themeSwitch, sheet }: MobileBarProps) {
  const path = usePathname();
  const [isOpen, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a way taken from the sheet closes it
  useEffect(() => setOpen(false), [path]);
  return (
    <header className="flex h-(--h-bar) items-center gap-2 border-line border-b bg-surface pr-1.5 pl-2 md:hidden">
      <IconButton
        icon="menu"
        label="Menu"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        className="size-10"
        onClick={() => setOpen(true)}
      />
      <Later isOpen={isOpen} load={loadSheet}>
        <RailSheet isOpen={isOpen} onOpenChange={setOpen}>
          {sheet(() => setOpen(false))}
        </RailSheet>
      </Later>
      {/* The page's own heading says the same to those who do not see this one. */}
      <span aria-hidden="true" className="min-w-0 flex-1 truncate font-semibold text-base">
        {titleAt(path)}
      </span>
      <IconButton icon="search" label="Find or do" className="size-10" onClick={openPalette} />
      {themeSwitch}
    </header>
  );
}
