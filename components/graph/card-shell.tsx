"use client";

import { Handle, Position } from "@xyflow/react";
import { type FocusEvent, type ReactNode, useEffect, useRef } from "react";
import { cn } from "#components/ui/class-names.ts";
import type { CardShape, PillShape } from "./flow-elements.ts";
import { useGraph, useMarks } from "./graph-context.ts";
import { MARK } from "./marks.ts";
import { usePointing } from "./pointing.ts";

interface CardShellProps {
  id: string;
  /** What a screen reader says of it. */
  label: string;
  shape: CardShape;
  onOpen: () => void;
  className?: string;
  children: (tabIndex: 0 | -1, marks: number) => ReactNode;
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
  /** As the pointer on a line does, for those who walk by keys. */
  const showNumbers = ({ target, currentTarget }: FocusEvent) => {
    if (target !== currentTarget || !target.matches(":focus-visible")) return;
    const { right, top } = target.getBoundingClientRect();
    const port = shape.outPort ? shape.outPort.y + shape.outPort.height / 2 : 0;
    marks.set({ numbersOf: { id, x: right, y: top + port } });
  };
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
      onFocus={(event) => {
        if (marks.read().currentId !== id) marks.set({ currentId: id });
        if (shape.kind === "connection") showNumbers(event);
      }}
      onBlur={() => marks.read().numbersOf?.id === id && marks.set({ numbersOf: undefined })}
      onKeyDown={(event) => {
        if (event.key !== " " || event.target !== event.currentTarget) return;
        event.preventDefault();
        marks.set({ selectedId: isSelected ? undefined : id });
      }}
      onClick={(event) => {
        if (!(event.target instanceof Element)) return;
        // React bubbles a press on the card's menu through the card, though it is drawn elsewhere.
        if (!event.currentTarget.contains(event.target) || event.target.closest("button, a, input")) return;
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

/** Where edges begin or end. Those of sources and destinations can be pulled at, and end a line that comes from the other side. */
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
      className={cn(look, "cursor-crosshair before:absolute before:-inset-2")}
      style={style}
    />
  );
}
