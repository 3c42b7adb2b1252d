"use client";

import Link from "next/link";
import { DriftMark } from "#components/flows/drift-mark.tsx";
import { IssueMark } from "#components/issues/issue-mark.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { EdgeBadge } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Until, UntilTime } from "#components/ui/until.tsx";
import { CardMenu } from "./card-menu.tsx";
import { CardName } from "./card-name.tsx";
import { badgeHref, badgeWords, lookOf, slotsOf, slotWords } from "./card-words.ts";
import { useGraph } from "./graph-context.ts";
import type { Badge, Badges, ConnectionCard as Card, CardState } from "./graph-types.ts";
import { Age, Rate } from "./source-card.tsx";

/** States that stand in the place of the rate: there is none while they last. */
const STANDING = new Set<CardState["kind"]>(["broken", "paused", "held", "disabled"]);

function StateBadge({ state }: { state: CardState }) {
  const { icon, badge } = lookOf(state);
  return (
    <span
      className={cn(
        "inline-flex h-[18px] items-center gap-1 whitespace-nowrap rounded-sm pr-1.5 pl-1 font-medium text-2xs leading-none",
        badge,
      )}
    >
      <Icon name={icon} size={12} />
      {state.word}
      {state.untilMs === undefined ? null : <UntilTime atMs={state.untilMs} />}
    </span>
  );
}

function RateOrState({ card }: { card: Card }) {
  if (STANDING.has(card.state.kind)) return <StateBadge state={card.state} />;
  if (card.state.kind === "idle" || card.state.kind === "silent")
    return <span className="whitespace-nowrap text-muted text-xs">no traffic</span>;
  return <Rate perMinute={card.perMinute} />;
}

interface BodyProps {
  card: Card;
  tabIndex: 0 | -1;
  marks: number;
}

/** Holds what comes, or lets it go on. */
function PauseButton({ card, tabIndex }: Omit<BodyProps, "marks">) {
  const { actions, can } = useGraph();
  if (!can.includes("connection.pause")) return null;
  return (
    <IconButton
      icon={card.isPaused ? "play" : "pause"}
      size="sm"
      label={`${card.isPaused ? "Resume" : "Pause"} ${card.name}`}
      title={card.isPaused ? "Resume" : "Pause"}
      tabIndex={tabIndex}
      className="nopan size-[22px] pointer-coarse:size-[22px]"
      onClick={() => void actions.setPaused(card, !card.isPaused)}
    />
  );
}

/** The one dark button of a card: what a person's press moves on, and is safe now. */
function ActionButton({ card, tabIndex, isLong }: Omit<BodyProps, "marks"> & { isLong: boolean }) {
  const { actions, can } = useGraph();
  const { action } = card;
  if (!action) return null;
  const look = "nopan h-[22px] pointer-coarse:h-[22px]";
  if (action.kind === "resume") {
    if (!can.includes("connection.pause")) return null;
    return (
      <Button
        kind="primary"
        size="sm"
        icon="play"
        tabIndex={tabIndex}
        className={look}
        aria-label={`Resume ${card.name}`}
        onClick={() => void actions.setPaused(card, false)}
      >
        Resume
      </Button>
    );
  }
  if (!can.includes("events.retry")) return null;
  const count = formatCount(action.count);
  return (
    <Button
      kind="primary"
      size="sm"
      icon="replay"
      tabIndex={tabIndex}
      className={look}
      aria-label={`Replay ${count} failed of ${card.name}`}
      onClick={() => actions.replay(card)}
    >
      Replay {count}
      {isLong ? " failed" : ""}
    </Button>
  );
}

function Slots({ card, tabIndex }: Omit<BodyProps, "marks">) {
  const { go } = useGraph();
  return (
    <div className="grid grid-cols-5 gap-1 pr-[9px] pl-2.5">
      {slotsOf(card.rules).map((slot) => (
        <button
          key={slot.kind}
          type="button"
          tabIndex={tabIndex}
          aria-label={`${slotWords(slot, card.rules)} of ${card.name}`}
          title={slotWords(slot, card.rules)}
          onClick={() => go.openRule(card.id, slot.kind)}
          className={cn(
            "nopan flex h-5 items-center gap-1 overflow-hidden whitespace-nowrap rounded-xs border px-[5px] text-2xs leading-none hovered:border-line-strong",
            slot.value === null ? "border-line border-dashed" : "border-transparent bg-inset text-ink-2",
          )}
        >
          <Icon name={slot.icon} size={12} className={slot.value === null ? "text-disabled" : "text-muted"} />
          {slot.value}
        </button>
      ))}
    </div>
  );
}

/** Where a person is needed: what is so, since when, and the button. It stays until the graph is laid out anew. */
function Strip({ card, tabIndex }: Omit<BodyProps, "marks">) {
  const { state } = card;
  const { icon, text } = lookOf(state);
  // What is held is said in numbers, what failed has them in its word.
  const isHolding = state.kind === "paused" || state.kind === "held";
  const [main, note] = isHolding ? [state.detail || state.word, ""] : [state.word, state.detail];
  return (
    <div className="mt-1.5 flex h-7 items-center gap-2 border-line border-t pr-[3px] pl-2.5 text-muted text-xs">
      <span className={cn("flex shrink-0 items-center gap-1 font-medium", text)}>
        <Icon name={icon} size={14} />
        {main}
      </span>
      {note === "" ? null : <span className="truncate">{note}</span>}
      {state.untilMs === undefined ? null : (
        <span className="truncate">
          <Until atMs={state.untilMs} />
        </span>
      )}
      {state.sinceMs === null || state.untilMs !== undefined ? null : (
        <span className="truncate">
          {card.isPaused ? "paused" : "for"} <Age atMs={state.sinceMs} />
          {card.isPaused ? " ago" : ""}
        </span>
      )}
      <span className="ml-auto">
        <ActionButton card={card} tabIndex={tabIndex} isLong />
      </span>
    </div>
  );
}

/** Name and rate, the five rules in their order, and what a person has to do. */
export function ConnectionBody({ card, tabIndex, marks, hasStrip }: BodyProps & { hasStrip: boolean }) {
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-7 items-center gap-1 pt-px pr-1 pl-[11px]">
        <CardName card={card} marks={marks} />
        <IssueMark id={card.id} tabIndex={tabIndex} />
        <DriftMark id={card.id} tabIndex={tabIndex} />
        <span className="ml-auto flex shrink-0 items-center gap-1 pl-2">
          <RateOrState card={card} />
          {card.action && !hasStrip ? <ActionButton card={card} tabIndex={tabIndex} isLong={false} /> : null}
          {card.isPaused && card.action ? null : <PauseButton card={card} tabIndex={tabIndex} />}
          <CardMenu card={card} tabIndex={tabIndex} />
        </span>
      </div>
      <Slots card={card} tabIndex={tabIndex} />
      {hasStrip ? <Strip card={card} tabIndex={tabIndex} /> : null}
    </div>
  );
}

/** The same in one row: state, name, one action or the rate. */
export function ConnectionRow({ card, tabIndex, marks }: BodyProps) {
  const { icon, text } = lookOf(card.state);
  const isWell = card.state.kind === "delivering" || card.state.kind === "idle";
  return (
    <div className="flex h-full items-center gap-1.5 pr-[9px] pl-2 text-xs">
      <Icon name={icon} size={14} className={text} />
      <CardName card={card} marks={marks} isSmall />
      {isWell ? null : <span className={cn("whitespace-nowrap font-medium text-2xs", text)}>{card.state.word}</span>}
      <span className="ml-auto -mr-[7px] flex shrink-0 items-center">
        {card.action ? (
          <ActionButton card={card} tabIndex={tabIndex} isLong={false} />
        ) : STANDING.has(card.state.kind) ? null : (
          <span className="pr-[7px]">
            <Rate perMinute={card.perMinute} />
          </span>
        )}
      </span>
    </div>
  );
}

interface EdgeBadgesProps {
  badges: Badges;
  /** Null where they are of several connections. */
  connectionId: string | null;
  top: number;
  tabIndex: 0 | -1;
}

/** What waits or has failed on the edge after a connection; each leads to the list of just these. */
export function EdgeBadges({ badges, connectionId, top, tabIndex }: EdgeBadgesProps) {
  if (badges.shown.length === 0) return null;
  return (
    <div className="absolute left-full ml-[9px] flex -translate-y-1/2 gap-[3px]" style={{ top }}>
      {badges.shown.map((badge) => (
        <OneBadge key={badge.state} badge={badge} connectionId={connectionId} tabIndex={tabIndex} />
      ))}
      {badges.hiddenCount > 0 ? (
        <span className="flex h-[18px] items-center rounded-sm bg-press px-1 font-medium text-2xs text-muted shadow-[0_0_0_2px_var(--canvas)]">
          +{badges.hiddenCount}
        </span>
      ) : null}
    </div>
  );
}

function OneBadge({ badge, connectionId, tabIndex }: Omit<EdgeBadgesProps, "badges" | "top"> & { badge: Badge }) {
  const drawn = <EdgeBadge state={badge.state} count={formatCount(badge.count)} />;
  const look = "nopan flex rounded-sm shadow-[0_0_0_2px_var(--canvas)]";
  if (connectionId === null) return <span className={look}>{drawn}</span>;
  return (
    <Link
      prefetch={false}
      href={badgeHref(connectionId, badge.state)}
      title={`See the ${badgeWords(badge)}`}
      tabIndex={tabIndex}
      className={look}
    >
      {drawn}
    </Link>
  );
}
