"use client";

import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { JsonText } from "./code-lines.tsx";
import { CodeView, CutNote, LineNumber, Lines } from "./code-view.tsx";
import { findLines, type JsonLines, pathOf, readJsonLines, unfoldTo, valueOn, visibleLines } from "./json-lines.ts";

interface JsonViewProps {
  label: string;
  /** The text as it came; where it is not JSON it is shown as it is. */
  text: string;
  /** What paths begin with: `body`. */
  root: string;
  /** Beside the search: size and content type. */
  note?: string;
  actions?: ReactNode;
  className?: string;
}

/** A payload to read: folded, searched, its paths and values copied; every digit as it came. */
export function JsonView({ label, text, root, note, actions, className }: JsonViewProps) {
  const doc = useMemo(() => readJsonLines(text), [text]);
  const [isRaw, setRaw] = useState(false);
  const [query, setQuery] = useState("");
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [current, setCurrent] = useState<number>();
  const hits = useMemo(() => (doc && query ? findLines(doc, query) : []), [doc, query]);

  const show = (index: number | undefined) => {
    setCurrent(index);
    if (doc && index !== undefined) setFolded(unfoldTo(doc, folded, index));
  };
  const search = (wanted: string) => {
    setQuery(wanted);
    if (doc) show(findLines(doc, wanted)[0]);
  };
  const step = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || hits.length === 0) return;
    event.preventDefault();
    const at = hits.indexOf(current ?? -1);
    show(hits.at((at + (event.shiftKey ? -1 : 1)) % hits.length));
  };

  return (
    <div className={className}>
      <div className="flex items-center gap-2 px-5 py-2 max-md:flex-wrap max-md:px-3.5">
        {doc && !isRaw ? (
          <div className="relative w-[180px]">
            <Icon name="search" size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-faint" />
            <Input
              size="md"
              aria-label="Find in payload"
              placeholder="Find in payload"
              value={query}
              onChange={(event) => search(event.target.value)}
              onKeyDown={step}
              className="pl-7"
            />
          </div>
        ) : null}
        <span role="status" className="whitespace-nowrap text-muted text-xs">
          {query ? `${hits.length} lines` : note}
        </span>
        <span className="ml-auto flex items-center gap-1">
          {doc ? (
            <Button kind="quiet" size="sm" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
              Raw
            </Button>
          ) : null}
          {actions}
        </span>
      </div>
      {doc && !isRaw ? (
        <FoldedLines
          label={label}
          doc={doc}
          root={root}
          folded={folded}
          onFolded={setFolded}
          current={current}
          onCurrent={setCurrent}
          hits={hits}
        />
      ) : (
        <CodeView label={label} text={text} />
      )}
      {doc && !isRaw && doc.shownChars < text.length ? <CutNote shown={doc.shownChars} total={text.length} /> : null}
    </div>
  );
}

interface FoldedLinesProps {
  label: string;
  doc: JsonLines;
  root: string;
  folded: ReadonlySet<number>;
  onFolded: (folded: ReadonlySet<number>) => void;
  current: number | undefined;
  onCurrent: (index: number) => void;
  hits: readonly number[];
}

function FoldedLines({ label, doc, root, folded, onFolded, current, onCurrent, hits }: FoldedLinesProps) {
  const visible = useMemo(() => visibleLines(doc, folded), [doc, folded]);
  const found = useMemo(() => new Set(hits), [hits]);
  const at = current === undefined ? -1 : visible.indexOf(current);
  const fold = (index: number, isFolded: boolean) => {
    const next = new Set(folded);
    if (isFolded) next.add(index);
    else next.delete(index);
    onFolded(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const next = { ArrowDown: visible[at + 1], ArrowUp: visible[Math.max(at - 1, 0)] }[event.key];
    const isFold = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (next === undefined && !(isFold && current !== undefined)) return;
    event.preventDefault();
    if (next !== undefined) onCurrent(next);
    else if (current !== undefined && doc.lines[current]?.kind === "open") fold(current, event.key === "ArrowLeft");
  };
  const line = (place: number) => {
    const index = visible[place] ?? 0;
    const isFolded = folded.has(index);
    const isCurrent = index === current;
    const path = pathOf(doc, index, root);
    return (
      <div
        className={cn(
          "group flex h-[19px] hovered:bg-inset",
          isCurrent && "bg-inset",
          found.has(index) && "bg-accent-bg",
        )}
      >
        <LineNumber>{index + 1}</LineNumber>
        {doc.lines[index]?.kind === "open" ? (
          <button
            type="button"
            tabIndex={-1}
            aria-label={`${isFolded ? "Unfold" : "Fold"} ${path}`}
            onClick={() => fold(index, !isFolded)}
            className="grid w-4 shrink-0 place-items-center text-faint"
          >
            <Icon name={isFolded ? "right" : "down"} size={12} />
          </button>
        ) : (
          <span className="w-4 shrink-0" />
        )}
        <JsonText doc={doc} index={index} isFolded={isFolded} />
        <PathTip doc={doc} index={index} path={path} isShown={isCurrent} />
      </div>
    );
  };
  return (
    <Lines
      label={label}
      count={visible.length}
      line={line}
      showing={at < 0 ? undefined : at}
      onKeyDown={onKeyDown}
      className="pb-4"
    />
  );
}

interface PathTipProps {
  doc: JsonLines;
  index: number;
  path: string;
  isShown: boolean;
}

/** The path of the line under the pointer or the keys, to copy, and its value. */
const PathTip = ({ doc, index, path, isShown }: PathTipProps) => (
  <span
    className={cn(
      "sticky right-0 ml-auto h-[19px] shrink-0 items-center gap-1 bg-inset pr-1 pl-2 text-2xs text-muted group-hover:inline-flex",
      isShown ? "inline-flex" : "hidden",
    )}
  >
    {path.length > MAX_PATH_CHARS ? `…${path.slice(-MAX_PATH_CHARS)}` : path}
    <CopyButton text={path} what="path" className="pointer-coarse:size-5" />
    <ValueCopy doc={doc} index={index} />
  </span>
);

const MAX_PATH_CHARS = 60;

/** Its text is cut out of the payload only when it is pressed: the outermost value is all of it. */
function ValueCopy({ doc, index }: { doc: JsonLines; index: number }) {
  return (
    <button
      type="button"
      onClick={() => navigator.clipboard?.writeText(valueOn(doc, index)).catch(() => {})}
      className="rounded-xs px-1 text-faint hovered:text-ink"
    >
      Copy value
    </button>
  );
}
