"use client";

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { cn } from "#components/ui/class-names.ts";
import { useGraph } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";
import { MARK } from "./marks.ts";

interface CardNameProps {
  card: Card;
  marks: number;
  isSmall?: boolean;
}

/** A card's name; a field in its place while it is renamed. */
export function CardName({ card, marks, isSmall = false }: CardNameProps) {
  if ((marks & MARK.renaming) > 0) return <NameField card={card} />;
  return (
    <b title={card.name} className={cn("truncate font-medium tracking-tight", isSmall ? "text-xs" : "text-sm")}>
      {card.name}
    </b>
  );
}

/** Enter or going elsewhere keeps what was typed, Esc leaves the name as it was. */
function NameField({ card }: { card: Card }) {
  const { marks, actions } = useGraph();
  const [name, setName] = useState(card.name);
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => field.current?.select(), []);
  const end = (isKept: boolean, takesFocus: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    const wanted = name.trim();
    marks.set({ renamingId: undefined, ...(takesFocus ? { focusId: card.id } : {}) });
    if (isKept && wanted !== "" && wanted !== card.name) void actions.rename(card, wanted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") end(true, true);
    if (event.key === "Escape") {
      event.preventDefault();
      end(false, true);
    }
  };
  return (
    <input
      ref={field}
      // biome-ignore lint/a11y/noAutofocus: it stands where the name was that somebody asked to change
      autoFocus
      aria-label={`Name of ${card.name}`}
      maxLength={155}
      value={name}
      onChange={(event) => setName(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(true, false)}
      className="nopan nokey h-[18px] min-w-0 flex-1 rounded-xs border border-accent-solid bg-surface px-1 font-medium text-sm outline-none"
    />
  );
}
