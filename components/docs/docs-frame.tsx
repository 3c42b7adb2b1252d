"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { lazy, type ReactNode, useState } from "react";
import { PageBar } from "#components/frame/page-bar.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { controlBox, controlHeights } from "#components/ui/input.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Later } from "#components/ui/later.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { GUIDE } from "#server/contracts/guide-pages.ts";

const loadSearch = async () => ({ default: (await import("./docs-search.tsx")).DocsSearch });
const DocsSearch = lazy(loadSearch);

/** Beside a page of the docs the list of all; on a phone it is a select above. */
export function DocsFrame({ slug, children }: { slug: string; children: ReactNode }) {
  const [isSearching, setSearching] = useState(false);
  useKeys([{ keys: "/", label: "Find in the docs", run: () => setSearching(true) }]);
  return (
    <>
      <PageBar title="Docs" end={<BarEnd />} />
      <div className="grid min-h-0 flex-1 grid-cols-[236px_minmax(0,1fr)] max-md:block max-md:overflow-auto">
        <div className="min-h-0 overflow-y-auto border-line border-r bg-surface p-2.5 max-md:border-r-0 max-md:pb-0">
          <button
            type="button"
            onClick={() => setSearching(true)}
            className={cn(controlBox, controlHeights.lg, "flex items-center gap-2 text-faint hovered:text-muted")}
          >
            <Icon name="search" size={14} />
            Find in the docs
            <Kbd className="ml-auto">/</Kbd>
          </button>
          <PageSelect slug={slug} />
          <PageList slug={slug} />
        </div>
        {/* A page's own scrolling, so that the list stays. */}
        <div className="relative min-h-0 overflow-auto bg-surface max-md:overflow-visible">{children}</div>
      </div>
      <Later isOpen={isSearching} load={loadSearch}>
        <DocsSearch isOpen={isSearching} onOpenChange={setSearching} />
      </Later>
    </>
  );
}

const BarEnd = () => (
  <>
    <span className="flex items-center gap-1.5 text-muted text-xs max-wide:hidden">
      <Kbd>F1</Kbd> opens the page for what you look at
    </span>
    <a
      href="/v1/docs"
      className="flex h-7 items-center gap-1.5 rounded-md px-2 font-medium text-ink-2 text-sm hovered:bg-inset pointer-coarse:h-10"
    >
      <Icon name="terminal" />
      HTTP API
    </a>
  </>
);

const PageList = ({ slug }: { slug: string }) => (
  <nav aria-label="Docs" className="max-md:hidden">
    {GUIDE.map(({ group, pages }) => (
      <div key={group} className="pt-[7px] pb-[3px]">
        <h2 className="px-[9px] font-semibold text-xs leading-5">{group}</h2>
        {pages.map((page) => (
          <Link
            key={page.slug}
            href={`/docs/${page.slug}`}
            prefetch={false}
            aria-current={page.slug === slug ? "page" : undefined}
            className={cn(
              "flex min-h-[25px] items-center rounded-sm px-[9px] text-muted hovered:bg-inset hovered:text-ink pointer-coarse:min-h-10",
              page.slug === slug && "bg-press font-medium text-ink hovered:bg-press",
            )}
          >
            {page.title}
          </Link>
        ))}
      </div>
    ))}
    <div className="pt-[7px]">
      <h2 className="px-[9px] font-semibold text-xs leading-5">Reference</h2>
      <a
        href="/v1/docs"
        className="flex min-h-[25px] items-center rounded-sm px-[9px] text-muted hovered:bg-inset hovered:text-ink pointer-coarse:min-h-10"
      >
        HTTP API
      </a>
    </div>
  </nav>
);

// The browser's own: it is for phones, which have a good one, and costs the others nothing.
function PageSelect({ slug }: { slug: string }) {
  const router = useRouter();
  return (
    <select
      aria-label="Page of the docs"
      value={slug}
      onChange={(event) => router.push(`/docs/${event.target.value}`)}
      className={cn(controlBox, controlHeights.lg, "mt-2 md:hidden")}
    >
      {GUIDE.map(({ group, pages }) => (
        <optgroup key={group} label={group}>
          {pages.map((page) => (
            <option key={page.slug} value={page.slug}>
              {page.title}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
