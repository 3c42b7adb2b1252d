"use client";

import { useNow } from "#components/ui/clock.tsx";
import { useHeardAt, useLiveLink } from "./use-live.ts";

const clockOf = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

const Dot = ({ className }: { className: string }) => (
  <span className={`mr-0.5 size-[7px] rounded-full ${className}`} />
);

const Time = () => <span className="max-md:hidden"> · {useNow(clockOf)}</span>;

/** Whether the page is live, and from when its numbers are. */
export function Freshness({ hasClock = true }: { hasClock?: boolean }) {
  const link = useLiveLink();
  const heardAtMs = useHeardAt();
  const isLost = link === "lost" || link === "signed-out";
  return (
    <p className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted text-xs">
      <Dot className={isLost ? "bg-hold-solid" : "bg-delivered-solid shadow-[0_0_0_3px_var(--delivered-bg)]"} />
      {isLost ? (
        <span>From {heardAtMs === undefined ? "before" : clockOf(heardAtMs)}</span>
      ) : (
        <span>
          Live
          {hasClock ? <Time /> : null}
        </span>
      )}
    </p>
  );
}
