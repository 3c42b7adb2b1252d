"use client";

import { type ConnectionLineComponentProps, useConnection } from "@xyflow/react";
import { createPortal } from "react-dom";
import { Icon } from "#components/ui/icon.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { cardIdAt } from "./card-at.ts";
import { connectVerdict } from "./connect-verdict.ts";
import type { FlowNode } from "./flow-elements.ts";
import { useGraph } from "./graph-context.ts";

const NOTE_PX = 310;

/** The line that somebody draws from a source, or back from a destination. */
export function ConnectLine({ fromX, fromY, toX, toY }: ConnectionLineComponentProps<FlowNode>) {
  const middle = (fromX + toX) / 2;
  return (
    <g className="fill-none stroke-accent-solid stroke-2">
      <path d={`M${fromX} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${toX} ${toY}`} />
      <circle cx={fromX} cy={fromY} r={4} className="fill-accent-solid stroke-surface" />
      <circle cx={toX} cy={toY} r={4} className="fill-accent-solid stroke-surface" />
    </g>
  );
}

/** Beside the pointer: what a release here will do, or why it will do nothing. */
export function ConnectNote() {
  const { cards } = useGraph();
  const drawn = useConnection(({ inProgress, fromNode, pointer }) =>
    inProgress ? { fromId: fromNode.id, x: pointer.x, y: pointer.y } : null,
  );
  const box = document.querySelector(".graph-canvas")?.getBoundingClientRect();
  if (!drawn || !box) return null;
  const at = { x: box.left + drawn.x, y: box.top + drawn.y };
  const overId = cardIdAt(at);
  const card = overId === undefined ? null : document.querySelector(`[data-card="${overId}"]`);
  const left = Math.min(at.x - 20, card?.getBoundingClientRect().left ?? at.x) - NOTE_PX - 8;
  const verdict = connectVerdict(cards.get(drawn.fromId), overId === undefined ? undefined : cards.get(overId));
  return createPortal(
    <div
      role="status"
      className="pointer-events-none fixed z-40 rounded-lg border border-line bg-float px-3 pt-2.5 pb-[9px] text-xs shadow-menu"
      style={{ left: Math.max(8, left), top: Math.max(8, at.y - 116), width: NOTE_PX }}
    >
      <p className="flex items-center gap-1.5 font-medium text-sm">
        {verdict.kind === "connect" ? verdict.from.name : verdict.title}
        {verdict.kind === "connect" ? (
          <>
            <Icon name="arrow" size={14} className="text-faint" />
            {verdict.to.name}
          </>
        ) : null}
      </p>
      <p className="mt-1.5 mb-[7px] text-muted leading-[17px]">{verdict.note}</p>
      <p className="flex items-center gap-1.5 text-muted">
        <Kbd>Esc</Kbd> lets go
      </p>
    </div>,
    document.body,
  );
}
