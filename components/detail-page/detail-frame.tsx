import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";

/** Beside a list, or a page of its own. */
export type Variant = "panel" | "page";

interface DetailFrameProps {
  variant: Variant;
  head: ReactNode;
  /** What happened and why. */
  story: ReactNode;
  /** Payloads, below the story or, on a wide page, beside it. */
  content: ReactNode;
}

/** The layout of one event, request or attempt. */
export function DetailFrame({ variant, head, story, content }: DetailFrameProps) {
  const isPage = variant === "page";
  return (
    <article className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="shrink-0 border-line border-b bg-surface px-5 py-3 max-md:px-3.5">{head}</header>
      <div
        className={cn(
          "min-h-0 bg-surface",
          isPage && "wide:grid wide:flex-1 wide:grid-cols-[minmax(0,572px)_minmax(0,1fr)]",
        )}
      >
        <div className={cn("min-w-0", isPage && "wide:overflow-y-auto wide:border-line wide:border-r")}>{story}</div>
        <div className={cn("min-w-0 pb-6", isPage && "wide:overflow-y-auto")}>{content}</div>
      </div>
    </article>
  );
}

/** What a page or a panel of something is called. */
export function DetailTitle({ variant, children }: { variant: Variant; children: ReactNode }) {
  const Heading = variant === "page" ? "h1" : "h2";
  const look = variant === "page" ? "text-xl" : "text-base";
  return (
    <Heading
      className={cn(
        "min-w-0 truncate font-mono font-semibold tracking-tight max-md:whitespace-normal max-md:[overflow-wrap:anywhere]",
        look,
      )}
    >
      {children}
    </Heading>
  );
}
