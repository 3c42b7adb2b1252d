"use client";

import { useEffect, useState } from "react";

const CONFIRMED_MS = 1500;

/** Copies `text`; `what` names it for people who do not see the icon. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={isCopied ? `${what} copied` : `Copy ${what}`}
      title={isCopied ? "Copied" : `Copy ${what}`}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:text-ink"
    >
      <svg
        viewBox="0 0 16 16"
        className="size-3.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        aria-hidden="true"
      >
        {isCopied ? (
          <path d="M3 8.5 6.5 12 13 4.5" strokeLinecap="round" strokeLinejoin="round" />
        ) : (
          <>
            <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
            <path d="M10.5 3v-.5a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1H3" />
          </>
        )}
      </svg>
    </button>
  );
}
