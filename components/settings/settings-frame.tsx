"use client";

import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { PageBar } from "#components/frame/page-bar.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id } from "#components/ui/id.tsx";
import { controlBox, controlHeights } from "#components/ui/input.tsx";
import type { Capability } from "#server/contracts/capability.ts";
import { KeyCount, MemberCount, NotificationCount } from "./section-count.tsx";
import { sectionsFor } from "./sections.ts";

interface SettingsFrameProps {
  can: readonly Capability[];
  team: { id: string; name: string };
  children: ReactNode;
}

/** Beside the sections their list, which on a phone is a select above. */
export function SettingsFrame({ can, team, children }: SettingsFrameProps) {
  const path = usePathname();
  const router = useRouter();
  const sections = sectionsFor(can);
  const current = sections.find(({ href }) => path === href);
  return (
    <>
      <PageBar title="Settings">
        {current ? (
          <span className="flex gap-2.5 max-md:hidden">
            <span aria-hidden="true" className="text-faint">
              /
            </span>
            {current.label}
          </span>
        ) : null}
        <div className="relative flex-1 md:hidden">
          <SectionSelect sections={sections} href={path} onChoose={(href) => router.push(href)} />
        </div>
      </PageBar>
      <div className="grid min-h-0 flex-1 grid-cols-[220px_minmax(0,1fr)] max-wide:grid-cols-[176px_minmax(0,1fr)] max-md:grid-cols-[minmax(0,1fr)]">
        <nav
          aria-label="Settings"
          className="flex flex-col gap-px overflow-y-auto border-line border-r bg-surface p-2.5 max-md:hidden"
        >
          {sections.map((section) => (
            <SectionLink key={section.href} {...section} isCurrent={section === current} />
          ))}
          <div className="mt-auto px-2 pt-4 text-faint text-xs">
            <div className="truncate">{team.name}</div>
            <Id id={team.id} what="team id" />
          </div>
        </nav>
        <div className="relative min-h-0 overflow-auto">
          <div className="mx-auto max-w-[1040px] px-6 pt-5 pb-10 max-wide:px-4 max-md:px-3 max-md:pt-3.5 max-md:pb-8">
            {children}
          </div>
        </div>
      </div>
    </>
  );
}

type SectionLinkProps = ReturnType<typeof sectionsFor>[number] & { isCurrent: boolean };

const SectionLink = ({ href, label, icon, isCurrent }: SectionLinkProps) => (
  <Link
    href={href}
    prefetch={false}
    aria-current={isCurrent ? "page" : undefined}
    className={cn(
      "flex h-[30px] items-center gap-[9px] rounded-md px-[9px] font-medium text-muted hovered:bg-inset hovered:text-ink pointer-coarse:h-10",
      isCurrent && "bg-press text-ink hovered:bg-press",
    )}
  >
    <Icon name={icon} size={14} className={isCurrent ? "text-accent" : ""} />
    <span className="truncate">{label}</span>
    <Counted href={href} />
  </Link>
);

const COUNTS: Readonly<Record<string, ComponentType>> = {
  "/settings/members": MemberCount,
  "/settings/keys": KeyCount,
  "/settings/notifications": NotificationCount,
};

/** Once the page is there: the section's own query begins on the server, and one that stood above it already would keep it waiting. */
function Counted({ href }: { href: string }) {
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  const Count = COUNTS[href];
  return Count && isThere ? <Count /> : null;
}

interface SectionSelectProps {
  sections: ReturnType<typeof sectionsFor>;
  href: string;
  onChoose: (href: string) => void;
}

// The browser's own: it is for phones, which have a good one, and costs the others nothing.
const SectionSelect = ({ sections, href, onChoose }: SectionSelectProps) => (
  <>
    <select
      aria-label="Section of the settings"
      value={href}
      onChange={(event) => onChoose(event.target.value)}
      className={cn(controlBox, controlHeights.lg, "appearance-none pr-8")}
    >
      {sections.map((section) => (
        <option key={section.href} value={section.href}>
          {section.label}
        </option>
      ))}
    </select>
    <Icon
      name="up-down"
      size={14}
      className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-faint"
    />
  </>
);
