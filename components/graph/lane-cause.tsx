"use client";

import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { lookOf } from "./card-words.ts";
import { useGraph } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";
import { useSlices } from "./slice-store.ts";

const MOST_TILES = 5;

const heldOf = (card: Card | undefined) =>
  card?.kind === "connection" ? (card.badges.shown.find(({ state }) => state === "HOLD")?.count ?? 0) : 0;

/** Several branches that wait for one and the same at their destination, as one. It opens the destination, where the cause is. */
export function CauseLane({ ids, destination }: { ids: readonly string[]; destination: string }) {
  const { cards, go } = useGraph();
  const branches = useSlices(cards, ids);
  const [first] = branches;
  if (first?.kind !== "connection") return null;
  const { icon, text } = lookOf(first.state);
  const sources = branches.map((branch) => (branch.kind === "connection" ? cards.get(branch.sourceId) : undefined));
  const types = sources.flatMap((source) => (source?.kind === "source" ? [source.type] : []));
  const held = branches.reduce((sum, branch) => sum + heldOf(branch), 0);
  return (
    <li className="grid gap-[9px] rounded-lg border border-line bg-surface px-3 py-[11px]">
      <div className="flex items-center gap-2">
        <button type="button" onClick={() => go.open(first.destinationId)} className="font-medium text-base">
          {formatCount(ids.length)} {ids.length === 1 ? "connection" : "connections"}
        </button>
        <span className={cn("ml-auto inline-flex shrink-0 items-center gap-1.5 font-medium", text)}>
          <Icon name={icon} />
          {first.state.word}
        </span>
      </div>
      <div className="flex items-center gap-[5px] text-ink-2">
        {types.slice(0, MOST_TILES).map((type, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of one type look the same
          <Tile key={at} type={type} size="sm" />
        ))}
        {types.length > MOST_TILES ? (
          <span className="text-muted text-xs">+{formatCount(types.length - MOST_TILES)}</span>
        ) : null}
        <span className="min-w-7 flex-1 border-edge-held border-t-2 border-dashed" />
        <span className="truncate">{destination}</span>
      </div>
      {held > 0 ? <p className="text-muted text-xs">{formatCount(held)} held.</p> : null}
    </li>
  );
}
