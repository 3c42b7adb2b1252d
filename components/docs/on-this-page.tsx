"use client";

import { useEffect, useState } from "react";
import { cn } from "#components/ui/class-names.ts";

/** The part of a page's height in which a heading is what one reads. */
const READING = "0px 0px -70% 0px";

/** The headings of a page, with the one that is read. Nothing on a narrow screen, where it would stand in the way. */
export function OnThisPage({ headings }: { headings: readonly { id: string; text: string }[] }) {
  const [current, setCurrent] = useState(headings[0]?.id);
  useEffect(() => {
    const seen = new IntersectionObserver(
      (entries) => {
        const first = entries.find(({ isIntersecting }) => isIntersecting);
        if (first) setCurrent(first.target.id);
      },
      { rootMargin: READING },
    );
    for (const { id } of headings) {
      const heading = document.getElementById(id);
      if (heading) seen.observe(heading);
    }
    return () => seen.disconnect();
  }, [headings]);
  return (
    <nav aria-label="On this page" className="sticky top-[22px] grid gap-px self-start pt-[26px] text-xs max-xl:hidden">
      <p className="font-semibold leading-[22px]">On this page</p>
      {headings.map(({ id, text }) => (
        <a
          key={id}
          href={`#${id}`}
          aria-current={id === current ? "location" : undefined}
          className={cn(
            "flex min-h-6 items-center border-l pl-[11px] hovered:text-ink",
            id === current ? "border-accent-solid border-l-2 pl-2.5 font-medium text-ink" : "border-line text-muted",
          )}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}
