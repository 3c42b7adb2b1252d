import type { ReactNode } from "react";
import { formatCount } from "#components/ui/format.ts";
import { Tag } from "#components/ui/tag.tsx";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { Headers } from "./headers.tsx";

interface MessageProps {
  /** `request`, `response`: what the headers are of. */
  what: string;
  /** Of a request; undefined while it is read, and once it was erased. */
  line?: { method: string; path: string; query: string } | undefined;
  headers: HeaderList | undefined;
  /** The body. */
  children: ReactNode;
}

/** A request or a response: its line, its body, its headers. */
export function Message({ what, line, headers, children }: MessageProps) {
  return (
    <>
      {line ? (
        <p className="px-5 pt-2.5 font-mono text-ink-2 text-xs [overflow-wrap:anywhere] max-md:px-3.5">
          <Tag>{visibleText(line.method)}</Tag> {visibleText(line.path)}
          {line.query === "" ? null : <span className="text-muted">?{visibleText(line.query)}</span>}
        </p>
      ) : null}
      {children}
      {headers ? (
        <div className="border-line border-t px-3 pt-2.5 max-md:px-1.5">
          <h3 className="mb-1 px-2 font-medium text-xs">
            {formatCount(headers.length)} {headers.length === 1 ? "header" : "headers"}
          </h3>
          <Headers label={`Headers of the ${what}`} headers={headers} />
        </div>
      ) : null}
    </>
  );
}
