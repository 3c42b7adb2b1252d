import type { ReactNode } from "react";
import type { EventStatus } from "#server/contracts/event.ts";

const circle = <circle cx="8" cy="8" r="6.25" />;

/** One colour, icon and word per state, the same wherever a state is shown. */
const LOOK: Record<EventStatus, { word: string; colour: string; icon: ReactNode }> = {
  DELIVERED: {
    word: "Delivered",
    colour: "text-delivered",
    icon: (
      <>
        {circle}
        <path d="m5.25 8.25 2 2 3.5-4" />
      </>
    ),
  },
  QUEUED: {
    word: "Queued",
    colour: "text-queued",
    icon: (
      <>
        {circle}
        <path d="M5.5 8h.01M8 8h.01M10.5 8h.01" />
      </>
    ),
  },
  SCHEDULED: {
    word: "Scheduled",
    colour: "text-scheduled",
    icon: (
      <>
        {circle}
        <path d="M8 4.75V8l2 1.5" />
      </>
    ),
  },
  HOLD: {
    word: "Held",
    colour: "text-hold",
    icon: (
      <>
        {circle}
        <path d="M6.5 5.75v4.5M9.5 5.75v4.5" />
      </>
    ),
  },
  RETRYING: {
    word: "Retrying",
    colour: "text-retrying",
    icon: <path d="M13.5 8A5.5 5.5 0 1 1 11.6 3.8M13.5 2v3h-3" />,
  },
  FAILED: {
    word: "Failed",
    colour: "text-failed",
    icon: (
      <>
        {circle}
        <path d="m6 6 4 4m0-4-4 4" />
      </>
    ),
  },
  CANCELLED: {
    word: "Cancelled",
    colour: "text-ignored",
    icon: (
      <>
        {circle}
        <path d="m4 12 8-8" />
      </>
    ),
  },
};

export function EventStatusLabel({ status }: { status: EventStatus }) {
  const { word, colour, icon } = LOOK[status];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${colour}`}>
      <svg
        viewBox="0 0 16 16"
        className="size-4 shrink-0"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {icon}
      </svg>
      <span className="self-baseline">{word}</span>
    </span>
  );
}
