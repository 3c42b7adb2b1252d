import type { ReactNode } from "react";

function Mark() {
  return (
    <svg viewBox="0 0 20 14" className="h-3.5 w-5 text-accent" fill="none" stroke="currentColor" aria-hidden="true">
      <g strokeWidth="2" strokeLinecap="round">
        <path d="M1 7h18" />
        <path d="M5 7c4 0 4-6 8-6h6" />
        <path d="M5 7c4 0 4 6 8 6h6" />
      </g>
    </svg>
  );
}

/** The frame of every page: name, way to the API reference, content. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="border-line border-b bg-surface">
        <div className="mx-auto flex h-12 max-w-[110rem] items-center gap-6 px-4 sm:px-6">
          <a href="/" className="flex items-center gap-2.5 font-semibold tracking-tight">
            <Mark />
            Switchyard
          </a>
          <nav aria-label="Main" className="ml-auto">
            <a href="/v1/docs" className="text-muted underline-offset-4 hover:text-ink hover:underline">
              API reference
            </a>
          </nav>
        </div>
      </header>
      <main className="mx-auto max-w-[110rem] px-4 py-6 sm:px-6">{children}</main>
    </>
  );
}
