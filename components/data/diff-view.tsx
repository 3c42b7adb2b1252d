"use client";

import { useMemo } from "react";
import { cn } from "#components/ui/class-names.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { LineNumber, Lines } from "./code-view.tsx";
import { lineText, readJsonLines } from "./json-lines.ts";
import { type DiffRow, diffLines, pairRows } from "./line-diff.ts";
import { useNarrow } from "./use-narrow.ts";

interface DiffViewProps {
  label: string;
  before: string;
  after: string;
  /** One below the other at every width, for a narrow place. */
  isUnified?: boolean;
  /** Whether it says above how many lines differ. */
  hasCount?: boolean;
  className?: string;
}

/** JSON is compared by its indented lines, so that spacing alone is no difference; anything else as it is. */
function linesOf(text: string): string[] {
  const doc = readJsonLines(text);
  return doc ? doc.lines.map((_, index) => lineText(doc, index)) : text.split("\n");
}

/** More of one line than this is not drawn. */
const MAX_LINE_CHARS = 2_000;
const SIGNS = { same: " ", del: "−", add: "+" };
const TINTS = { same: "", del: "bg-diff-del", add: "bg-diff-add" };

const HalfLine = ({ row, number }: { row: DiffRow | undefined; number: number | undefined }) => (
  <span className={cn("block h-[19px] overflow-hidden whitespace-pre text-ink-2", row ? TINTS[row.kind] : "bg-inset")}>
    <LineNumber>{number ?? ""}</LineNumber>
    <span className="inline-block w-4">{row ? SIGNS[row.kind] : ""}</span>
    {row ? visibleText(row.text.slice(0, MAX_LINE_CHARS)) : null}
  </span>
);

/** What was changed between two texts: side by side, on a phone one below the other. */
export function DiffView({ label, before, after, isUnified = false, hasCount = true, className }: DiffViewProps) {
  const rows = useMemo(() => diffLines(linesOf(before), linesOf(after)), [before, after]);
  const pairs = useMemo(() => pairRows(rows), [rows]);
  const isNarrow = useNarrow() || isUnified;
  const changed = rows.filter((row) => row.kind !== "same").length;
  const unified = (index: number) => <HalfLine row={rows[index]} number={rows[index]?.after ?? rows[index]?.before} />;
  const sideBySide = (index: number) => {
    const pair = pairs[index];
    return (
      <span className="absolute inset-0 grid grid-cols-2 gap-px">
        <HalfLine row={pair?.left} number={pair?.left?.before} />
        <HalfLine row={pair?.right} number={pair?.right?.after} />
      </span>
    );
  };
  return (
    <div className={className}>
      {hasCount ? (
        <p className="px-5 py-2 text-muted text-xs">
          {changed === 0 ? "Nothing differs." : changed === 1 ? "1 line differs." : `${changed} lines differ.`}
        </p>
      ) : null}
      <Lines label={label} count={isNarrow ? rows.length : pairs.length} line={isNarrow ? unified : sideBySide} />
    </div>
  );
}
