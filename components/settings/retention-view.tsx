"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Capability } from "#server/contracts/capability.ts";
import { DaysTable } from "./days-table.tsx";
import { RetentionForm } from "./retention-form.tsx";
import { NUMBER_CELL, NUMBERS_GRID, RetentionNumbers } from "./retention-numbers.tsx";
import { SectionHead, SectionSkeleton } from "./section.tsx";
import { StoredTable } from "./stored-table.tsx";
import { TeamMasks } from "./team-masks.tsx";

const HEAD = { title: "Retention", about: "What is kept, for how long, and what it takes on disk." };
const NUMBERS = ["On disk", "Grows by", "Settles at", "Disk full"];

export const RetentionSkeleton = () => (
  <SectionSkeleton
    {...HEAD}
    above={
      <>
        <dl className={NUMBERS_GRID}>
          {NUMBERS.map((label) => (
            <div key={label} className={NUMBER_CELL}>
              <dt className="text-muted text-xs">{label}</dt>
              <dd className="flex h-[46px] items-center">
                <Skeleton className="h-5 w-24" />
              </dd>
            </div>
          ))}
        </dl>
        <div className="mb-3 h-[166px] rounded-lg border border-line bg-surface" />
        <div className="mb-3 h-[104px] rounded-lg border border-line bg-surface" />
        <div className="mb-3 h-[184px] rounded-lg border border-line bg-surface" />
      </>
    }
  />
);

export function RetentionView({ can }: { can: readonly Capability[] }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.retention.get.queryOptions({}, { staleTime: 60_000 }));
  return (
    <>
      <SectionHead {...HEAD} />
      <RetentionNumbers retention={data} />
      <RetentionForm retention={data} mayChange={can.includes("team.manage")} />
      <TeamMasks retention={data} mayChange={can.includes("team.manage")} />
      <StoredTable stored={data.stored} />
      <DaysTable days={data.by_day} />
      <p className="mt-3 text-muted text-xs">
        A day that is over can be taken out before it is removed:{" "}
        <Link href="/docs/operating#retention-and-the-disk" prefetch={false} className="underline underline-offset-2">
          export it by the API
        </Link>
        .
      </p>
    </>
  );
}
