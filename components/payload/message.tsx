"use client";

import { type ReactNode, useState } from "react";
import { HeadersView } from "#components/data/headers-view.tsx";
import { visibleText } from "#components/data/visible-text.ts";
import { Button } from "#components/ui/button.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { HeaderList } from "#server/contracts/header-list.ts";

interface MessageProps {
  /** `request`, `response`: what the headers are of. */
  what: string;
  /** Of a request; undefined while it is read. */
  line?: { method: string; path: string; query: string } | undefined;
  headers: HeaderList | undefined;
  /** The body. */
  children: ReactNode;
}

/** Shown at once; a stranger may send thousands. */
const FEW_HEADERS = 100;

/** A request or a response: its line, its body, its headers. */
export function Message({ what, line, headers, children }: MessageProps) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? headers : headers?.slice(0, FEW_HEADERS);
  return (
    <>
      {line ? (
        <p className="px-5 pt-2.5 font-mono text-ink-2 text-xs [overflow-wrap:anywhere] max-md:px-3.5">
          <Tag>{visibleText(line.method)}</Tag> {visibleText(line.path)}
          {line.query === "" ? null : <span className="text-muted">?{visibleText(line.query)}</span>}
        </p>
      ) : null}
      {children}
      {shown ? (
        <div className="border-line border-t px-3 pt-2.5 max-md:px-1.5">
          <h3 className="mb-1 px-2 font-medium text-xs">
            {headers?.length === 1 ? "1 header" : `${(headers?.length ?? 0).toLocaleString("en-US")} headers`}
          </h3>
          <HeadersView label={`Headers of the ${what}`} headers={shown} />
          {headers && shown.length < headers.length ? (
            <Button kind="quiet" size="sm" className="mt-1" onClick={() => setAll(true)}>
              Show all {headers.length.toLocaleString("en-US")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </>
  );
}
