import type { ReactNode } from "react";
import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";

const KINDS = {
  stale: { icon: "clock", look: "bg-hold-bg text-hold" },
  held: { icon: "held", look: "bg-hold-bg text-hold" },
  warning: { icon: "warning", look: "bg-hold-bg text-hold" },
  failed: { icon: "warning", look: "bg-failed-bg text-failed" },
  info: { icon: "info", look: "bg-queued-bg text-queued" },
} as const;

interface BannerProps {
  kind: keyof typeof KINDS;
  children: ReactNode;
  action?: ReactNode;
}

/** One line over a page or a list about all of it: what is so, and what to do. `stale` is for numbers that stopped coming. */
export function Banner({ kind, children, action }: BannerProps) {
  const { icon, look } = KINDS[kind];
  return (
    <div
      role="status"
      className={cn("flex min-h-8 items-center gap-2 rounded-md py-1 pr-1.5 pl-3 font-medium text-xs", look)}
    >
      <Icon name={icon} size={14} />
      <p className="min-w-0 flex-1">{children}</p>
      {action}
    </div>
  );
}
