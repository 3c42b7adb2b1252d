"use client";

import { useCallback } from "react";
import { useNow } from "#components/ui/clock.tsx";
import { ClockTime } from "#components/ui/until.tsx";
import { isLow, leaseAxis, shareLeft } from "./lease-words.ts";

const WIDTH = 320;
const MIDDLE = 14;
const x = (part: number) => 2 + part * (WIDTH - 4);

interface LeaseLineProps {
  ttl: number;
  leaseUntil: string;
  renewedAt: readonly string[];
}

/** The renewals that were, the present in amber, and what is left of the lease. The sentence below says the same. */
export function LeaseLine({ ttl, leaseUntil, renewedAt }: LeaseLineProps) {
  const untilMs = Date.parse(leaseUntil);
  const nowSecond = useNow(useCallback((nowMs: number) => Math.floor(nowMs / 1_000), [])) * 1_000;
  const { renewals, begun, now, end } = leaseAxis(untilMs, ttl, renewedAt, nowSecond);
  const last = renewedAt.at(-1);
  return (
    <figure className="mt-3">
      <svg viewBox={`0 0 ${WIDTH} 28`} className="block h-7 w-full" preserveAspectRatio="none" aria-hidden="true">
        <line x1={x(0)} x2={x(1)} y1={MIDDLE} y2={MIDDLE} className="stroke-line" />
        <line x1={x(begun)} x2={x(now)} y1={MIDDLE} y2={MIDDLE} strokeWidth="5" className="stroke-press" />
        <line
          x1={x(now)}
          x2={x(end)}
          y1={MIDDLE}
          y2={MIDDLE}
          strokeWidth="5"
          className={isLow(shareLeft(untilMs, ttl, nowSecond)) ? "stroke-hold-solid" : "stroke-ink-2"}
        />
        {renewals.map((at) => (
          <line key={at} x1={x(at)} x2={x(at)} y1="8" y2="20" strokeWidth="1.5" className="stroke-delivered-solid" />
        ))}
        <line x1={x(now)} x2={x(now)} y1="2" y2="26" strokeWidth="1.5" className="stroke-accent-solid" />
      </svg>
      <figcaption className="flex justify-between text-2xs text-muted">
        <span>
          {last === undefined ? "not renewed yet" : "last renewed "}
          {last === undefined ? null : <ClockTime atMs={Date.parse(last)} />}
        </span>
        <span>
          ends <ClockTime atMs={untilMs} />
        </span>
      </figcaption>
    </figure>
  );
}
