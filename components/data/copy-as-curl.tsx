"use client";

import { Button } from "#components/ui/button.tsx";
import { useCopy } from "#components/ui/use-copy.ts";
import { type CurlRequest, toCurl } from "./curl.ts";

/** Copies a request as a command for a shell. */
export function CopyAsCurl({ request }: { request: CurlRequest }) {
  const { isCopied, copy } = useCopy(toCurl(request));
  return (
    <Button kind="quiet" size="sm" icon={isCopied ? "check" : "terminal"} onClick={copy}>
      {isCopied ? "Copied" : "Copy as curl"}
    </Button>
  );
}
