"use client";

import { useEffect, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { cardIdOf } from "./card-at.ts";
import { useGraph } from "./graph-context.ts";
import { foldNumbers, lineNumbers } from "./line-words.ts";
import { useSlice } from "./slice-store.ts";

const ID = "line-numbers";
const WIDTH_PX = 250;
const BESIDE_PX = 14;
/** It stands above what it is about where there is no room for so much below. */
const MOST_HEIGHT_PX = 150;

/** The numbers of the line that the pointer is on, or of the connection that the keyboard is on. */
export function LineNote() {
  const { marks } = useGraph();
  const read = () => marks.read().numbersOf;
  const shown = useSyncExternalStore(marks.subscribe, read, read);
  return shown ? <Note key={shown.id} {...shown} /> : null;
}

function Note({ id, x, y }: { id: string; x: number; y: number }) {
  const { cards, folds } = useGraph();
  const [card, face] = [useSlice(cards, id), useSlice(folds, id)];
  const branch = card?.kind === "connection" ? card : undefined;
  const [source, destination] = [useSlice(cards, branch?.sourceId ?? ""), useSlice(cards, branch?.destinationId ?? "")];
  useEffect(() => {
    const focused = document.activeElement;
    if (cardIdOf(focused) !== id) return;
    focused?.setAttribute("aria-describedby", ID);
    return () => focused?.removeAttribute("aria-describedby");
  }, [id]);
  const numbers = branch
    ? lineNumbers(
        branch,
        source?.kind === "source" ? source : undefined,
        destination?.kind === "destination" ? destination : undefined,
      )
    : face && foldNumbers(face);
  if (!numbers) return null;
  const isLow = y + MOST_HEIGHT_PX > innerHeight;
  return createPortal(
    <div
      id={ID}
      role="tooltip"
      className="pointer-events-none fixed z-40 rounded-lg border border-line bg-float px-3 py-2 text-xs shadow-menu"
      style={{
        width: WIDTH_PX,
        left: Math.max(8, Math.min(x + BESIDE_PX, innerWidth - WIDTH_PX - 8)),
        ...(isLow ? { bottom: innerHeight - y + BESIDE_PX } : { top: y + BESIDE_PX }),
      }}
    >
      <p className="truncate font-medium text-sm">{numbers.title}</p>
      <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-3 gap-y-0.5">
        {numbers.facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="truncate text-muted">{name}</dt>
            <dd className="text-right font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {numbers.rest === "" ? null : <p className="mt-1 text-muted">Besides: {numbers.rest}.</p>}
    </div>,
    document.body,
  );
}
