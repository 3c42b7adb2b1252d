"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { formatExact } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Followed } from "#server/contracts/version.ts";
import { followedPoints, PLOT } from "./followed-points.ts";
import { followedWords } from "./version-words.ts";

const LOOK_AGAIN_MS = 30_000;

/** Success at what was changed, before and after. */
export function FollowedSection({ number, at }: { number: number; at: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery({
    ...trpc.versions.followed.queryOptions({ number }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <section aria-label="What followed" className="pt-5">
      <h3 className="mb-1.5 font-semibold text-xs">What followed</h3>
      {error && !data ? <p className="text-muted text-xs">{error.message}</p> : null}
      {data || error ? null : <Skeleton className="h-24 w-full" />}
      {data?.resources.length === 0 ? (
        <p className="text-muted text-xs">Nothing that carries events was changed.</p>
      ) : null}
      {data?.resources.map((each) => (
        <Resource key={each.resource_id} followed={each} at={at} minutes={data.window_minutes} number={number} />
      ))}
    </section>
  );
}

interface ResourceProps {
  followed: Followed["resources"][number];
  at: string;
  minutes: number;
  number: number;
}

function Resource({ followed, at, minutes, number }: ResourceProps) {
  const { resource_name: name, before, after } = followed;
  const words = followedWords(name, before, after, minutes);
  const points = followedPoints(followed.minutes, Date.parse(at), minutes);
  const { width, height, left, top, bottom } = PLOT;
  const middle = left + (width - left) / 2;
  return (
    <div className="pb-2">
      {points === "" ? null : (
        <svg viewBox={`0 0 ${width} ${height}`} width="100%" role="img" aria-label={words}>
          {["100 %", "50 %", "0 %"].map((label, index) => {
            const y = top + (index * (bottom - top)) / 2;
            return (
              <g key={label}>
                <path d={`M${left} ${y}H${width}`} stroke="var(--line)" />
                <text x={left - 6} y={y + 4} textAnchor="end" fill="var(--muted)" fontSize="10.5">
                  {label}
                </text>
              </g>
            );
          })}
          <polyline points={points} fill="none" stroke="var(--delivered-solid)" strokeWidth="1.5" />
          <path d={`M${middle} 8V${bottom}`} stroke="var(--accent-solid)" />
          <text x={middle - 6} y="12" textAnchor="end" fill="var(--accent)" fontSize="10.5" fontWeight="600">
            v{number}
          </text>
        </svg>
      )}
      <p className="mt-1 text-ink-2">
        {words} <span className="text-muted">Changed {formatExact(at)}.</span>
      </p>
    </div>
  );
}
