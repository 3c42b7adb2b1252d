"use client";

import { type ComponentProps, useCallback, useState } from "react";
import { cn } from "./class-names.ts";
import { useNow } from "./clock.tsx";
import { formatAgo, formatExact } from "./format.ts";
import { Tooltip } from "./tooltip.tsx";
import { useCopy } from "./use-copy.ts";

interface RelativeTimeProps extends ComponentProps<"button"> {
  iso: string;
}

/** How long ago something was. The exact time shows on hover and focus, and a press copies it. */
export function RelativeTime({ iso, className, ...props }: RelativeTimeProps) {
  const ago = useNow(useCallback((nowMs: number) => formatAgo(iso, new Date(nowMs).toISOString()), [iso]));
  const exact = formatExact(iso);
  const { isCopied, copy } = useCopy(exact);
  const [isOpen, setOpen] = useState(false);
  return (
    // A press closes a tooltip; this one stays to say that the time was copied.
    <Tooltip text={isCopied ? "Copied" : exact} isOpen={isOpen || isCopied} onOpenChange={setOpen}>
      <button
        type="button"
        onClick={copy}
        className={cn("whitespace-nowrap rounded-xs text-inherit hovered:text-ink", className)}
        {...props}
      >
        <time dateTime={iso}>{ago}</time>
      </button>
    </Tooltip>
  );
}
