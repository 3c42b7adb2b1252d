"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { LatestChanges } from "#components/graph-drawer/latest-changes.tsx";
import { LatestHead } from "#components/graph-drawer/latest-head.tsx";
import { Age } from "#components/lists/age.tsx";
import { Answer } from "#components/lists/answer.tsx";
import { useLiveState } from "#components/live/use-live.ts";
import { StateLabel } from "#components/ui/event-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { LiveEvent } from "#server/contracts/live.ts";
import { DayNumbers } from "./day-numbers.tsx";

const SHOWN = 10;

/** The newest events of a connection as they come, the day in numbers, and who changed what. */
export function ConnectionActivity({ id }: { id: string }) {
  const trpc = useTRPC();
  const live = useLiveState("events");
  const { data } = useQuery(
    trpc.events.list.queryOptions({ connection_id: [id], limit: SHOWN }, { refetchInterval: 10_000 }),
  );
  const rows =
    data &&
    newestOf(
      data.data,
      live.filter((event) => event.connection_id === id),
    );
  return (
    <>
      <DayNumbers connectionId={id} />
      <section aria-label="Latest events">
        <LatestHead title="Latest events" href={`/events?connection_id=${id}`} />
        {rows ? null : <Skeleton className="mx-4 my-3 w-40" />}
        <ul>
          {rows?.map((event) => (
            <li key={event.id}>
              <Link
                href={`/events/${event.id}`}
                prefetch={false}
                className="grid grid-cols-[96px_minmax(0,1fr)_auto_56px] items-center gap-2 border-line border-t px-4 py-1.5 hovered:bg-float-hover"
              >
                <StateLabel state={event.status} />
                <span className="truncate font-mono text-xs">{event.event_type ?? "no type"}</span>
                <Answer of={event} isFailure={event.status === "FAILED" || event.status === "RETRYING"} />
                <span className="text-right">
                  <Age iso={event.created_at} />
                </span>
              </Link>
            </li>
          ))}
          {rows?.length === 0 ? <li className="border-line border-t px-4 py-2 text-muted">No event yet.</li> : null}
        </ul>
      </section>
      <LatestChanges id={id} />
    </>
  );
}

type Row = Pick<LiveEvent, "id" | "status" | "event_type" | "response_status" | "error_code" | "created_at">;

/** What was listed, with what has been heard of since; ids begin with their time. */
function newestOf(listed: readonly Row[], heard: readonly Row[]): Row[] {
  const byId = new Map<string, Row>([...listed, ...heard].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, SHOWN);
}
