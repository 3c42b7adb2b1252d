"use client";

import Link from "next/link";
import { useState } from "react";
import { nameIn, useNames } from "#components/data/use-names.ts";
import { Answer } from "#components/lists/answer.tsx";
import { useLiveState } from "#components/live/use-live.ts";
import { useNewRows } from "#components/live/use-new-rows.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { StateLabel } from "#components/ui/event-state.tsx";
import { formatCount, formatDuration, formatExact } from "#components/ui/format.ts";
import type { LatestEvent } from "#server/contracts/overview.ts";
import { deliveredInMs, perMinute, type TailRow, tailRows } from "./tail-rows.ts";

const cell = "h-(--h-row) overflow-hidden text-ellipsis whitespace-nowrap px-2 first:pl-3.5 last:pr-3.5";
const onWide = "max-md:hidden";

function Row({ row, route }: { row: TailRow; route: [from: string, to: string] }) {
  return (
    <tr className="border-line border-t first:border-t-0 hovered:bg-inset">
      <td className={cell}>
        <StateLabel state={row.status} />
      </td>
      <td className={`${cell} font-mono text-xs`}>
        <Link href={`/events?open=${row.id}`} prefetch={false} className="rounded-xs hover:underline">
          {row.event_type ?? "no type"}
        </Link>
      </td>
      <td className={`${cell} ${onWide} text-ink-2`}>
        {route[0]}{" "}
        <span className="text-faint">
          <span aria-hidden="true">→</span>
          <span className="sr-only">to</span>
        </span>{" "}
        {route[1]}
      </td>
      <td className={`${cell} ${onWide}`}>
        <Answer of={row} isFailure={row.error_code !== null} />
      </td>
      <td className={`${cell} ${onWide} text-right`}>{formatDuration(deliveredInMs(row))}</td>
      <td className={`${cell} text-right text-muted max-lg:hidden`}>
        <time dateTime={row.created_at} title={formatExact(row.created_at)} className="font-mono text-[11.5px]">
          {row.created_at.slice(11, 23)}
        </time>
      </td>
    </tr>
  );
}

function Pace() {
  const rates = useLiveState("rates");
  const now = useNow((nowMs) => perMinute(rates, nowMs));
  return (
    <span className={`${onWide} font-normal text-muted text-xs`}>
      {formatCount(now)} {now === 1 ? "request" : "requests"} a minute
    </span>
  );
}

const every = () => true;

/** The newest events as they come. Held still, it counts what comes meanwhile. */
export function LiveTail({ latest }: { latest: readonly LatestEvent[] }) {
  const heard = useLiveState("events");
  const names = useNames();
  const [held, hold] = useState<TailRow[]>();
  const rows = held ?? tailRows(latest, heard);
  const fresh = useNewRows("events", rows[0]?.id, every);
  const known = new Map(
    latest.flatMap((event) => [
      [event.source_id, event.source_name] as const,
      [event.destination_id, event.destination_name] as const,
    ]),
  );
  const named = (of: "sources" | "destinations", id: string) => known.get(id) ?? nameIn(names[of], id);
  return (
    <section className="mt-[22px]" aria-labelledby="live-tail">
      <h2 id="live-tail" className="mb-2 flex h-7 items-center gap-1.5 font-semibold text-base tracking-tight">
        Live tail
        <span className="ml-auto flex items-center gap-2.5">
          {held && fresh.count > 0 ? (
            <span className="font-normal text-muted text-xs">
              {fresh.count}
              {fresh.isAtLeast ? "+" : ""} new
            </span>
          ) : (
            <Pace />
          )}
          <Button kind="quiet" size="sm" icon={held ? "play" : "pause"} onClick={() => hold(held ? undefined : rows)}>
            {held ? "Go on" : "Hold still"}
          </Button>
        </span>
      </h2>
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <table className="w-full table-fixed border-collapse" aria-labelledby="live-tail">
          <thead className="sr-only">
            <tr>
              <th>State</th>
              <th>Event</th>
              <th className={onWide}>Route</th>
              <th className={onWide}>Answer</th>
              <th className={onWide}>Delivered in</th>
              <th className="max-lg:hidden">Received</th>
            </tr>
          </thead>
          <colgroup>
            <col className="w-[124px]" />
            <col />
            <col className="w-[270px] max-md:w-0" />
            <col className="w-[184px] max-md:w-0" />
            <col className="w-[80px] max-md:w-0" />
            <col className="w-[120px] max-lg:w-0" />
          </colgroup>
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                route={[named("sources", row.source_id), named("destinations", row.destination_id)]}
              />
            ))}
          </tbody>
        </table>
        {rows.length === 0 ? <p className="px-3.5 py-3 text-muted">No event has been made yet.</p> : null}
      </div>
    </section>
  );
}
