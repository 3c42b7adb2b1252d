"use client";

import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { CardShell } from "./card-shell.tsx";
import { badgeWords, CARD_STATES } from "./card-words.ts";
import { EdgeBadges } from "./connection-card.tsx";
import type { CardShape } from "./flow-elements.ts";
import type { FoldFace } from "./fold-face.ts";
import { useGraph } from "./graph-context.ts";
import { useSlice } from "./slice-store.ts";
import { Rate } from "./source-card.tsx";

/** Several cards in the place of one; a second edge below it says so. It opens in place. */
export function FoldCard({ shape }: { shape: CardShape }) {
  const { folds, go } = useGraph();
  const face = useSlice(folds, shape.id);
  if (!face) return null;
  const { fold, title, note, badges } = face;
  const isCause = fold.kind === "cause";
  return (
    <CardShell
      id={shape.id}
      label={[title, note, ...badges.shown.map(badgeWords), "folded"].filter(Boolean).join(", ")}
      shape={shape}
      onOpen={() => go.toggleFold(fold.id)}
      className={cn(
        "rounded-sm shadow-[0_2px_0_-0.5px_var(--surface),0_2.5px_0_0_var(--line-strong)]",
        isCause && cn("border-transparent", CARD_STATES[fold.state].badge),
      )}
    >
      {(tabIndex) => (
        <>
          <div
            className={cn(
              "flex h-full items-center gap-1.5 pr-[9px] pl-2 text-xs",
              !isCause && "text-muted",
              fold.column === "destination" && "items-start pt-[3px]",
            )}
          >
            <Icon
              name={isCause ? CARD_STATES[fold.state].icon : "up-down"}
              size={14}
              className={isCause ? "" : "text-faint"}
            />
            <span className="min-w-0">
              <b className="block truncate font-medium tracking-tight">{title}</b>
              {note ? <span className="block text-2xs">{note}</span> : null}
            </span>
            {fold.column === "connection" ? <Tiles face={face} /> : null}
            <span className="ml-auto flex shrink-0 items-center gap-1.5">
              {isCause ? <Icon name="up-down" size={14} /> : <Rate perMinute={face.perMinute} />}
            </span>
          </div>
          {fold.column === "connection" && shape.outPort ? (
            <EdgeBadges
              badges={badges}
              connectionId={null}
              top={shape.outPort.y + shape.outPort.height / 2 - 1}
              tabIndex={tabIndex}
            />
          ) : null}
        </>
      )}
    </CardShell>
  );
}

const Tiles = ({ face: { types, moreCount } }: { face: FoldFace }) => (
  <span className="ml-1 flex items-center gap-[3px]">
    {types.map((type, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: two of one type look the same
      <Tile key={at} type={type} size="xs" />
    ))}
    {moreCount > 0 ? <span className="text-2xs">+{formatCount(moreCount)}</span> : null}
  </span>
);
