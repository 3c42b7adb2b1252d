"use client";

import { useCallback } from "react";
import { useLiveState } from "#components/live/use-live.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Icon } from "#components/ui/icon.tsx";
import type { BreakerMode, BreakerReading } from "#server/contracts/breaker.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { holdingWords, openWords, refusalWords } from "./breaker-words.ts";
import type { DestinationActs } from "./use-destination.ts";

const isOpen = ({ state }: BreakerReading) => state === "open" || state === "half_open";

function calmWords(reading: BreakerReading, mode: BreakerMode): string {
  const { state, is_forced, because, ramps_until, refusal } = reading;
  if (mode === "off") return "There is none: whatever it answers, it is sent to.";
  if (state === "ramping")
    return `${because === null ? "The maintenance is over" : "Closed again"}. The whole speed from ${ramps_until?.slice(11, 19) ?? "soon"} on.`;
  const isClosed = is_forced ? "Closed by hand: whatever it answers, it is sent to." : "Closed: everything goes.";
  return refusal ? `${isClosed} ${refusalWords(refusal)}, ${refusal.count} times in a row.` : isClosed;
}

function Words({ reading, mode }: { reading: BreakerReading; mode: BreakerMode }) {
  const holding = useNow(useCallback((nowMs: number) => holdingWords(reading, nowMs), [reading]));
  if (!isOpen(reading)) return <p className="min-w-0 flex-1 text-muted text-xs">{calmWords(reading, mode)}</p>;
  return (
    <p className="flex min-w-0 flex-1 gap-[7px] rounded-xs bg-hold-bg px-2 py-1.5 text-hold text-xs">
      <Icon name="breaker" size={14} />
      <span className="min-w-0">
        <b className="block font-semibold">{openWords(reading)}</b>
        <span className="block tabular-nums">{holding}</span>
      </span>
    </p>
  );
}

const ACTS: Record<BreakerMode, { mode: BreakerMode; label: string }[]> = {
  auto: [],
  open: [{ mode: "auto", label: "Leave it to itself" }],
  closed: [{ mode: "auto", label: "Leave it to itself" }],
  off: [{ mode: "auto", label: "Turn it on" }],
};

interface BreakerNowProps {
  destination: Destination;
  acts: DestinationActs;
  mayWrite: boolean;
}

/** The breaker as it is now, and what a person can do about it. */
export function BreakerNow({ destination, acts, mayWrite }: BreakerNowProps) {
  const heard = useLiveState("destinations");
  const { mode } = destination.config.breaker;
  // What was heard may be of before the last press.
  const live = heard?.[destination.id]?.breaker;
  const isOfNow = live && live.is_forced === destination.breaker.is_forced;
  const reading = isOfNow ? live : destination.breaker;
  const byHand = isOpen(reading)
    ? { mode: "closed" as const, label: "Close now" }
    : { mode: "open" as const, label: "Hold everything" };
  const buttons =
    mode === "auto" ? [byHand, ...(isOpen(reading) ? [] : [{ mode: "off" as const, label: "Turn off" }])] : ACTS[mode];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Words reading={reading} mode={mode} />
      {mayWrite
        ? buttons.map((button) => (
            <Button key={button.mode} size="sm" onClick={() => void acts.setBreaker(button.mode)}>
              {button.label}
            </Button>
          ))
        : null}
    </div>
  );
}
