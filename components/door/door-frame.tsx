import type { ReactNode } from "react";
import { Mark } from "#components/frame/mark.tsx";

/** The page in front of the dashboard: one column with what is to do. */
export function DoorFrame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col bg-surface">
      <header className="flex items-center gap-[9px] px-6 py-5 font-semibold text-base tracking-tight">
        <Mark />
        Switchyard
      </header>
      <main className="grid flex-1 place-items-center px-6 max-md:place-items-start max-md:pt-8">
        <div className="w-[352px] max-w-full">{children}</div>
      </main>
    </div>
  );
}
