import type { ReactNode } from "react";

/** A page's worth of one message: what is so, and what to do. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mx-auto max-w-xl px-5 py-16 sm:py-24">
      <h1 className="font-semibold text-lg tracking-tight">{title}</h1>
      <div className="mt-2 space-y-4 text-base text-muted">{children}</div>
    </section>
  );
}

export const noticeLink = "text-ink underline decoration-line underline-offset-4 hover:decoration-current";
