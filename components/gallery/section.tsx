import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";

/** One kind of primitive. */
export const Section = ({
  title,
  isWide = false,
  children,
}: {
  title: string;
  isWide?: boolean;
  children: ReactNode;
}) => (
  <section className={cn("min-w-0", isWide && "wide:col-span-2")}>
    <h2 className="mb-3.5 border-line border-b pb-2 font-semibold text-sm tracking-tight">{title}</h2>
    {children}
  </section>
);

/** One look of it, with its name above. */
export const Specimen = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid justify-items-start gap-[5px]">
    <span className="text-2xs text-muted">{name}</span>
    <div className="flex items-center gap-2">{children}</div>
  </div>
);

/** What is wider than a narrow screen, in a box of its own. */
export const Scroller = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys
  <section className="overflow-x-auto p-1" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
