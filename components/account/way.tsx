import type { ReactNode } from "react";

/** One way to sign in, what is so of it, and what can be done. */
export const Way = ({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) => (
  <div className="flex min-h-14 items-center gap-3 px-3.5 py-2">
    <div className="min-w-0 flex-1">
      <div className="truncate font-medium">{title}</div>
      <div className="text-muted text-xs">{children}</div>
    </div>
    <span className="flex flex-wrap justify-end gap-1.5">{action}</span>
  </div>
);
