"use client";

import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import { useCopy } from "./use-copy.ts";

interface CopyButtonProps {
  text: string;
  /** Names what is copied, for people who do not see it: "event id". */
  what: string;
  /** -1 where the keys come to it by another way than Tab. */
  tabIndex?: 0 | -1;
  className?: string;
}

export function CopyButton({ text, what, tabIndex, className }: CopyButtonProps) {
  const { isCopied, copy } = useCopy(text);
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      onClick={copy}
      aria-label={isCopied ? `${what} copied` : `Copy ${what}`}
      title={isCopied ? "Copied" : `Copy ${what}`}
      className={cn(
        "inline-grid size-5 shrink-0 place-items-center rounded-[4px] text-faint hovered:bg-inset hovered:text-ink pointer-coarse:size-10",
        className,
      )}
    >
      <Icon name={isCopied ? "check" : "copy"} size={12} />
    </button>
  );
}
