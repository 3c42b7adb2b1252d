import type { ReactNode } from "react";
import { Mark } from "#components/ui/mark.tsx";
import type { Theme } from "#components/ui/theme.ts";
import { ThemeSwitch } from "#components/ui/theme-switch.tsx";
import { DoorArt } from "./door-art.tsx";

interface DoorFrameProps {
  theme: Theme;
  /** The name by which the browser came here. */
  host: string;
  children: ReactNode;
}

/** A page in front of the dashboard: one column with what is to do. It names no team, for strangers see it. */
export function DoorFrame({ theme, host, children }: DoorFrameProps) {
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(440px,1fr)_minmax(0,1.15fr)] bg-surface max-md:grid-cols-[minmax(0,1fr)]">
      <div className="flex min-h-dvh flex-col">
        <header className="flex items-center gap-[9px] px-6 py-5 font-semibold text-base tracking-tight">
          <Mark />
          Switchyard
          <span className="ml-auto">
            <ThemeSwitch theme={theme} />
          </span>
        </header>
        <main className="grid flex-1 grid-cols-[minmax(0,1fr)] place-items-center px-6 max-md:place-items-start max-md:justify-items-center max-md:pt-8">
          <div className="w-[352px] max-w-full max-md:w-full">{children}</div>
        </main>
        <footer className="flex justify-between px-6 py-5 text-faint text-xs">
          <span className="truncate font-mono">{host}</span>
          <span className="whitespace-nowrap pl-4">Self-hosted</span>
        </footer>
      </div>
      <div className="relative overflow-hidden border-line border-l bg-[radial-gradient(var(--grid-dot)_1px,transparent_1px)] bg-[length:20px_20px] bg-canvas max-md:hidden">
        <DoorArt />
      </div>
    </div>
  );
}

/** The one heading of a door, and what to know first. */
export function DoorHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-5">
      <h1 className="font-semibold text-[22px] leading-7 tracking-[-0.018em]">{title}</h1>
      {children ? (
        <p className="mt-1.5 text-base text-muted leading-5 [&_b]:whitespace-nowrap [&_b]:font-medium [&_b]:text-ink">
          {children}
        </p>
      ) : null}
    </div>
  );
}

/** What is true besides, below the button. */
export const DoorNote = ({ children }: { children: ReactNode }) => (
  <p className="mt-[18px] text-muted text-xs leading-[17px]">{children}</p>
);

/** The measures of what is pressed and filled in at a door. */
export const doorControl = "h-9 text-base max-md:h-11 pointer-coarse:h-11";
export const doorButton = "h-9 w-full max-md:h-11 pointer-coarse:h-11";
export const doorLink = "text-ink-2 underline decoration-line-strong underline-offset-[3px] hover:text-ink";
