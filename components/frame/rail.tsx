"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";
import { AlertCount } from "#components/ui/count.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Mark } from "#components/ui/mark.tsx";
import { isCurrent, NAV_PAGES } from "./pages.ts";
import { UserMenu } from "./user-menu.tsx";

export interface RailProps {
  /** The team switcher; the product's name until there is one. */
  team?: ReactNode;
  /** Who is there. */
  user: string;
  /** At a page's link: how many things wait for a person there. */
  counts?: Readonly<Record<string, { count: string; what: string }>>;
  themeSwitch: ReactNode;
  openPalette: () => void;
  /** On a narrow screen the rail is a sheet, which has room for words at any width. */
  isSheet?: boolean;
}

const line = "flex h-7 items-center gap-[9px] rounded-md px-2 font-medium pointer-coarse:h-10";

function NavLink({ href, label, icon, count, hide }: RailLink & { hide: string }) {
  const isOn = isCurrent(href, usePathname());
  return (
    <Link
      href={href}
      // Each page asks the database: one that nobody goes to should not.
      prefetch={false}
      title={label}
      aria-current={isOn ? "page" : undefined}
      className={cn(
        line,
        "group relative text-muted hovered:bg-inset hovered:text-ink",
        isOn && "bg-press text-ink hovered:bg-press",
      )}
    >
      <Icon name={icon} className={isOn ? "text-accent" : ""} />
      <span className={hide}>{label}</span>
      {count ? (
        <AlertCount
          count={count.count}
          what={count.what}
          className={
            hide &&
            "ml-auto md:max-wide:absolute md:max-wide:top-[3px] md:max-wide:right-[3px] md:max-wide:size-2 md:max-wide:min-w-0 md:max-wide:overflow-hidden md:max-wide:bg-failed-solid md:max-wide:p-0 md:max-wide:text-transparent"
          }
        />
      ) : null}
    </Link>
  );
}

interface RailLink {
  href: string;
  label: string;
  icon: (typeof NAV_PAGES)[number]["icon"];
  count?: { count: string; what: string } | undefined;
}

/** The way around: the team, find, the pages, the person. Words go below 1100 px, and stay for screen readers. */
export function Rail({ team, user, counts = {}, themeSwitch, openPalette, isSheet = false }: RailProps) {
  const hide = isSheet ? "" : "md:max-wide:sr-only";
  return (
    <div className="flex h-full min-h-0 flex-col gap-px overflow-y-auto overflow-x-hidden p-2">
      <div className="mb-2 flex h-8 shrink-0 items-center gap-[9px] px-1.5 font-semibold tracking-tight md:max-wide:px-2">
        <Mark />
        <span className={cn("min-w-0 flex-1 truncate", hide)}>{team ?? "Switchyard"}</span>
      </div>
      <button
        type="button"
        onClick={openPalette}
        title="Find or do"
        className={cn(
          "mb-2.5 flex h-7 shrink-0 items-center gap-2 rounded-md border border-line bg-surface pr-[5px] pl-2 text-faint text-xs hovered:border-line-strong hovered:text-muted pointer-coarse:h-10",
          !isSheet && "md:max-wide:border-transparent md:max-wide:bg-transparent md:max-wide:px-[9px]",
        )}
      >
        <Icon name="search" size={14} />
        <span className={hide}>Find or do</span>
        <Kbd className={cn("ml-auto min-w-0 border-0 bg-transparent text-faint", !isSheet && "md:max-wide:hidden")}>
          ⌘K
        </Kbd>
      </button>
      <nav aria-label="Main" className="flex flex-col gap-px">
        {NAV_PAGES.map((page) => (
          <NavLink key={page.href} {...page} count={counts[page.href]} hide={hide} />
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-px pt-4">
        <NavLink href="/docs" label="Docs" icon="book" hide={hide} />
        <div className="flex items-center gap-2 p-1.5 text-muted text-xs md:max-wide:flex-col md:max-wide:px-0">
          <UserMenu user={user} hide={hide} />
          {themeSwitch}
        </div>
      </div>
    </div>
  );
}
