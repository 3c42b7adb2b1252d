import type { ReactNode } from "react";
import type { EventStatus } from "#server/contracts/event.ts";
import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.tsx";

/** What can become of a request on one connection: a state of its event, or no event at all. */
export type EventState = EventStatus | "IGNORED";

interface Look {
  word: string;
  icon: IconName;
  text: string;
  badge: string;
  solid: string;
  /** The full colour of a shape in SVG. */
  fill: string;
}

/** One colour, one icon and one word per state, the same wherever a state is shown. */
export const EVENT_STATES: Record<EventState, Look> = {
  DELIVERED: {
    word: "Delivered",
    icon: "delivered",
    text: "text-delivered",
    badge: "bg-delivered-bg text-delivered",
    solid: "bg-delivered-solid",
    fill: "fill-delivered-solid",
  },
  QUEUED: {
    word: "Queued",
    icon: "queued",
    text: "text-queued",
    badge: "bg-queued-bg text-queued",
    solid: "bg-queued-solid",
    fill: "fill-queued-solid",
  },
  SCHEDULED: {
    word: "Scheduled",
    icon: "scheduled",
    text: "text-scheduled",
    badge: "bg-scheduled-bg text-scheduled",
    solid: "bg-scheduled-solid",
    fill: "fill-scheduled-solid",
  },
  HOLD: {
    word: "Held",
    icon: "held",
    text: "text-hold",
    badge: "bg-hold-bg text-hold",
    solid: "bg-hold-solid",
    fill: "fill-hold-solid",
  },
  RETRYING: {
    word: "Retrying",
    icon: "retrying",
    text: "text-retrying",
    badge: "bg-retrying-bg text-retrying",
    solid: "bg-retrying-solid",
    fill: "fill-retrying-solid",
  },
  FAILED: {
    word: "Failed",
    icon: "failed",
    text: "text-failed",
    badge: "bg-failed-bg text-failed",
    solid: "bg-failed-solid",
    fill: "fill-failed-solid",
  },
  CANCELLED: {
    word: "Cancelled",
    icon: "cancelled",
    text: "text-cancelled",
    badge: "bg-cancelled-bg text-cancelled",
    solid: "bg-cancelled-solid",
    fill: "fill-cancelled-solid",
  },
  IGNORED: {
    word: "Ignored",
    icon: "ignored",
    text: "text-ignored",
    badge: "bg-ignored-bg text-ignored",
    solid: "bg-ignored-solid",
    fill: "fill-ignored-solid",
  },
};

/** A state in a row of a table. */
export function StateLabel({ state, className }: { state: EventState; className?: string }) {
  const { word, icon, text } = EVENT_STATES[state];
  return (
    <span
      className={cn("inline-flex items-center gap-1.5 whitespace-nowrap align-middle font-medium", text, className)}
    >
      <Icon name={icon} />
      <span>{word}</span>
    </span>
  );
}

interface StateBadgeProps {
  state: EventState;
  size?: "sm" | "lg";
  /** What is so in place of the state's own word: "Breaker open". */
  children?: ReactNode;
}

/** A state on a card or at the head of a panel. */
export function StateBadge({ state, size = "sm", children }: StateBadgeProps) {
  const { word, icon, badge } = EVENT_STATES[state];
  const shape = size === "sm" ? "h-[18px] gap-1 pr-1.5 pl-1 text-2xs" : "h-[22px] gap-[5px] pr-2 pl-1.5 text-xs";
  return (
    <span
      className={cn(
        "inline-flex items-center whitespace-nowrap rounded-sm align-middle font-medium leading-none",
        shape,
        badge,
      )}
    >
      <Icon name={icon} size={size === "sm" ? 12 : 14} />
      <span>{children ?? word}</span>
    </span>
  );
}

/** How many events of one state wait or ended on an edge of the graph. `count` is already written out. */
export function EdgeBadge({ state, count }: { state: EventState; count: string }) {
  return (
    <StateBadge state={state}>
      {count}
      <span className="sr-only"> {EVENT_STATES[state].word.toLowerCase()}</span>
    </StateBadge>
  );
}

/** The state's full colour as a mark in a legend; its word stands beside it. */
export const StateSolid = ({ state, className }: { state: EventState; className?: string }) => (
  <span className={cn("block h-2.5 w-16 rounded-[2px]", EVENT_STATES[state].solid, className)} />
);
