"use client";

import { Button } from "#components/ui/button.tsx";
import { useCopy } from "#components/ui/use-copy.ts";

/** Where the producer sends its webhooks, with its copy. */
export function UrlRow({ url }: { url: string }) {
  const { isCopied, copy } = useCopy(url);
  return (
    <div className="flex items-center gap-2 rounded-md border border-line bg-inset py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 truncate font-mono text-xs" title={url}>
        {url}
      </code>
      <Button
        size="sm"
        icon={isCopied ? "check" : "copy"}
        aria-label={isCopied ? "URL copied" : "Copy URL"}
        onClick={copy}
      >
        {isCopied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}
