"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "#components/ui/class-names.ts";

const PAGES = [
  { href: "/events", label: "Events" },
  { href: "/attempts", label: "Attempts" },
];

/** The way between what is owed to destinations and each try of it. */
export function EventsOrAttempts() {
  const path = usePathname();
  return (
    <nav aria-label="Events or attempts" className="inline-flex gap-0.5 rounded-md bg-press p-0.5">
      {PAGES.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={path === href ? "page" : undefined}
          className={cn(
            "inline-flex h-6 items-center whitespace-nowrap rounded-[4px] px-[9px] font-medium text-xs pointer-coarse:h-9 pointer-coarse:px-3",
            path === href ? "bg-surface text-ink" : "text-muted hovered:text-ink",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
