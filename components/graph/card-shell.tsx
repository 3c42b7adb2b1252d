"use client";

import { Handle, Position } from "@xyflow/react";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "#components/ui/class-names.ts";
import type { CardShape, PillShape } from "./flow-elements.ts";
import { useGraph, useMarks } from "./graph-context.ts";
import { MARK } from "./marks.ts";

/** How long the pointer rests on a card before its path is lit: one that only crosses it lights nothing. */
const REST_MS = 60;

interface CardShellProps {
  id: string;
  /** What a screen reader says of it. */
  label: string;
  shape: CardShape;
  onOpen: () => void;
  className?: string;
  children: (tabIndex: 0 | -1, marks: number) => ReactNode;
}

function usePointing(id: string) {
  const { marks } = useGraph();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const point = (pointedId: string | undefined) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => marks.set({ pointedId }), REST_MS);
  };
  return { onPointerEnter: () => point(id), onPointerLeave: () => point(undefined) };
}

/**
 * A card on the canvas: a group with buttons of its own. Of all cards one is a stop of Tab; arrows move on from it. A press
 * anywhere but on a button opens it.
 */
export function CardShell({ id, label, shape, onOpen, className, children }: CardShellProps) {
  const { marks } = useGraph();
  const own = useMarks(id);
  const box = useRef<HTMLDivElement>(null);
  const isCurrent = (own & MARK.current) > 0;
  const wantsFocus = (own & MARK.wantsFocus) > 0;
  useEffect(() => {
    if (!wantsFocus) return;
    box.current?.focus({ preventScroll: true });
    marks.set({ focusId: undefined });
  }, [wantsFocus, marks]);
  const isSelected = (own & MARK.selected) > 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    <div
      ref={box}
      role="group"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={label}
      data-card={id}
      data-kind={shape.kind}
      data-lit={(own & MARK.lit) > 0 || undefined}
      data-selected={isSelected || undefined}
      {...usePointing(id)}
      onFocus={() => marks.read().currentId !== id && marks.set({ currentId: id })}
      onKeyDown={(event) => {
        if (event.key !== " " || event.target !== event.currentTarget) return;
        event.preventDefault();
        marks.set({ selectedId: isSelected ? undefined : id });
      }}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest("button, a, input")) return;
        onOpen();
      }}
      className={cn(
        "graph-card relative h-full cursor-pointer rounded-md border border-line bg-surface transition-[border-color] duration-(--motion-fast) hovered:border-line-strong",
        isSelected && "border-accent-solid! shadow-[0_0_0_1px_var(--accent-solid)]",
        className,
      )}
    >
      {children(isCurrent ? 0 : -1, own)}
      <Pill pill={shape.inPort} shape={shape} end="target" />
      <Pill pill={shape.outPort} shape={shape} end="source" />
    </div>
  );
}

const SIDES = { source: Position.Right, target: Position.Left } as const;

interface PillProps {
  pill: PillShape | null;
  shape: CardShape;
  end: "source" | "target";
}

/** Where edges begin or end. Only those of sources can be pulled at, and only those of destinations end such a line. */
function Pill({ pill, shape, end }: PillProps) {
  const { can } = useGraph();
  if (!pill) return null;
  // Places are counted from within the card's border.
  const style = { top: pill.y - 1, left: pill.x - 4, height: pill.height, width: 6 };
  const look = "graph-port absolute rounded-[3px] border-[1.5px] border-line-strong bg-surface";
  const isOuter = !shape.isFold && shape.kind === (end === "source" ? "source" : "destination");
  if (!isOuter || !can.includes("connection.write")) {
    // React Flow looks for the ends of its edges by these names.
    return <span aria-hidden="true" data-handlepos={SIDES[end]} className={cn(end, look)} style={style} />;
  }
  return (
    <Handle
      type={end}
      position={SIDES[end]}
      data-end={end}
      className={cn(look, end === "source" && "cursor-crosshair before:absolute before:-inset-2")}
      style={style}
    />
  );
}
