import { type PointerEvent, useEffect, useRef } from "react";
import { useGraph } from "./graph-context.ts";
import type { MarkState } from "./marks.ts";

/** How long the pointer rests before a path is lit: one that only crosses lights nothing. */
const REST_MS = 60;

/** Lights the path of a card while the pointer is on it, or on one of its lines, whose numbers are then shown beside it. */
export function usePointing(id: string, isLine = false) {
  const { marks } = useGraph();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (change: Partial<MarkState>) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => marks.set(change), REST_MS);
  };
  return {
    onPointerEnter: ({ clientX: x, clientY: y }: PointerEvent) =>
      later({ pointedId: id, ...(isLine && { numbersOf: { id, x, y } }) }),
    onPointerLeave: () => later({ pointedId: undefined, ...(isLine && { numbersOf: undefined }) }),
  };
}
