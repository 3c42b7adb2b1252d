"use client";

import { useHeardAt, useLiveLink } from "#components/live/use-live.ts";
import { useNow } from "#components/ui/clock.tsx";

const clockOf = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

const Dot = ({ className }: { className: string }) => (
  <span className={`mr-0.5 size-[7px] rounded-full ${className}`} />
);

/** Whether the page is live, and from when its numbers are. */
export function Freshness() {
  const link = useLiveLink();
  const heardAtMs = useHeardAt();
  const now = useNow(clockOf);
  const isLost = link === "lost" || link === "signed-out";
  return (
    <p className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted text-xs">
      <Dot className={isLost ? "bg-hold-solid" : "bg-delivered-solid shadow-[0_0_0_3px_var(--delivered-bg)]"} />
      {isLost ? (
        <span>From {heardAtMs === undefined ? "before" : clockOf(heardAtMs)}</span>
      ) : (
        <span>
          Live<span className="max-md:hidden"> · {now}</span>
        </span>
      )}
    </p>
  );
}
