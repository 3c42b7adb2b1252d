"use client";

import { useCallback } from "react";
import { cn } from "#components/ui/class-names.ts";
import { useNow } from "#components/ui/clock.tsx";
import { isLow, leftWords, lengthWords, shareLeft } from "./lease-words.ts";

const RADIUS = 6;
const LENGTH = 2 * Math.PI * RADIUS;

interface LeaseProps {
  ttl: number | null;
  leaseUntil: string | null;
  removedAt: string | null;
}

/** A ring of what is left of a lease: yellow below a quarter. The words beside it say the same. */
function LeaseRing({ ttl, leaseUntil, removedAt, size = 16 }: LeaseProps & { size?: number }) {
  const untilMs = leaseUntil === null ? 0 : Date.parse(leaseUntil);
  // In hundredths, so that it draws again only when that is seen.
  const hundredths = useNow(
    useCallback(
      (nowMs: number) => (ttl === null ? 0 : Math.round(shareLeft(untilMs, ttl, nowMs) * 100)),
      [ttl, untilMs],
    ),
  );
  if (ttl === null) return null;
  const isLate = removedAt !== null || isLow(hundredths / 100);
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="shrink-0 -rotate-90">
      <circle cx="8" cy="8" r={RADIUS} fill="none" strokeWidth="3" className="stroke-press" />
      <circle
        cx="8"
        cy="8"
        r={RADIUS}
        fill="none"
        strokeWidth="3"
        strokeDasharray={`${(LENGTH * hundredths) / 100} ${LENGTH}`}
        className={isLate ? "stroke-hold-solid" : "stroke-ink-2"}
      />
    </svg>
  );
}

/** `1:06 of 5 min`, counting down; `no lease` where there is none. */
export function LeaseLeft({ ttl, leaseUntil, removedAt }: LeaseProps) {
  const untilMs = leaseUntil === null ? 0 : Date.parse(leaseUntil);
  const words = useNow(useCallback((nowMs: number) => leftWords(untilMs - nowMs), [untilMs]));
  const low = useNow(
    useCallback((nowMs: number) => (ttl !== null && isLow(shareLeft(untilMs, ttl, nowMs)) ? 1 : 0), [ttl, untilMs]),
  );
  if (ttl === null) return <span className="text-muted">no lease</span>;
  if (removedAt !== null) return <span className="font-semibold text-hold">run out</span>;
  return (
    <span className="whitespace-nowrap">
      <b className={cn("font-semibold tabular-nums", low === 1 && "text-hold")}>{words}</b>{" "}
      <span className="text-faint text-xs">of {lengthWords(ttl * 1_000)}</span>
    </span>
  );
}

export const Lease = (lease: LeaseProps) => (
  <span className="inline-flex items-center gap-1.5">
    <LeaseRing {...lease} />
    <LeaseLeft {...lease} />
  </span>
);
