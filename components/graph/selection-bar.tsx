"use client";

import { useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { useBranches, useGraph } from "./graph-context.ts";
import type { Card, ConnectionCard, DestinationCard } from "./graph-types.ts";
import { fanOutWords, heldWords, shareWords } from "./selection-words.ts";
import { useSlice } from "./slice-store.ts";

/** What is selected, in words: where it goes, or who shares its limit. */
export function SelectionBar() {
  const { marks, cards } = useGraph();
  const selected = () => marks.read().selectedId ?? "";
  const id = useSyncExternalStore(marks.subscribe, selected, selected);
  const card = useSlice(cards, id);
  if (!card) return null;
  return (
    <section
      aria-label={`Selected: ${card.name}`}
      className="nokey absolute bottom-3.5 left-1/2 z-20 flex max-w-[calc(100%-24px)] -translate-x-1/2 animate-enter items-center gap-2 whitespace-nowrap rounded-lg border border-line bg-float py-[7px] pr-2 pl-3.5 text-xs shadow-menu"
    >
      <b className="truncate font-medium">{card.name}</b>
      <Words card={card} />
      <Ways card={card} />
      <Kbd className="ml-0.5">Esc</Kbd>
    </section>
  );
}

function Words({ card }: { card: Card }) {
  const { cards } = useGraph();
  const branches = useBranches(card);
  if (card.kind === "destination") {
    return (
      <>
        <span>{shareWords(card)}</span>
        <Shares card={card} />
        <span className="truncate text-muted">{heldWords(branches)}</span>
      </>
    );
  }
  if (card.kind === "source") return <span className="truncate text-muted">{fanOutWords(card, branches)}</span>;
  const [source, destination] = [cards.get(card.sourceId), cards.get(card.destinationId)];
  return (
    <span className="truncate text-muted">
      {source?.name} to {destination?.name}: {card.state.word.toLowerCase()}
      {card.state.detail ? `, ${card.state.detail}` : ""}
    </span>
  );
}

const SHADES = ["bg-ink-2 text-surface", "bg-muted text-surface"];

/** Who takes how much of the limit, and what is free. */
function Shares({ card }: { card: DestinationCard }) {
  const { limit } = card;
  const busy = limit?.sharers.filter(({ perMinute }) => perMinute > 0).slice(0, 4) ?? [];
  if (!limit || limit.used === undefined || busy.length === 0) return null;
  const free = Math.max(0, limit.max - limit.used);
  return (
    <span className="mx-1.5 inline-flex h-[18px] gap-px overflow-hidden rounded-xs text-2xs leading-[18px]">
      {busy.map(({ connectionId, name, perMinute }, at) => (
        <span key={connectionId} className={cn("max-w-32 truncate px-1.5", SHADES[Math.min(at, 1)])}>
          {name} {Math.round(perMinute)}
        </span>
      ))}
      <span className="bg-press px-1.5 text-muted">{free} free</span>
    </span>
  );
}

function Ways({ card }: { card: Card }) {
  const { actions, can, go } = useGraph();
  const branches = useBranches(card);
  const running = branches.filter(({ isPaused, isDisabled }) => !isPaused && !isDisabled);
  const pauseAll = (all: readonly ConnectionCard[]) => {
    for (const branch of all) void actions.setPaused(branch, true);
  };
  return (
    <>
      <Button size="sm" onClick={() => go.open(card.id)}>
        Open
      </Button>
      {card.kind === "destination" && running.length > 1 && can.includes("connection.pause") ? (
        <Button size="sm" icon="pause" onClick={() => pauseAll(running)}>
          Pause all {running.length}
        </Button>
      ) : null}
    </>
  );
}
