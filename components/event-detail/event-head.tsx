import Link from "next/link";
import type { ReactNode } from "react";
import { DetailTitle, type Variant } from "#components/detail-page/detail-frame.tsx";
import { Erased } from "#components/request-detail/erased.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { formatExact } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id, shortenId } from "#components/ui/id.tsx";
import { Tile } from "#components/ui/tile.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { EventActions } from "./event-actions.tsx";
import { EventOrder } from "./event-order.tsx";

/** State and type, route and ids, and what can be done. */
export const EventHead = ({
  event,
  variant,
  controls,
}: {
  event: EventDetail;
  variant: Variant;
  controls: ReactNode;
}) => (
  <>
    <div className="flex min-h-6 items-center gap-2">
      <StateBadge state={event.status} size="lg" />
      <DetailTitle variant={variant}>
        {event.event_type === null ? "no event type" : visibleText(event.event_type)}
      </DetailTitle>
      {controls}
    </div>
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-0.5">
        <Tile type={event.source_type ?? "?"} size="sm" />
        <span>{event.source_name ?? event.source_id}</span>
        <Then />
        <span>
          {event.resent_from === null ? (
            (event.connection_name ?? event.connection_id)
          ) : (
            <CopyOf id={event.resent_from} />
          )}
        </span>
        <Then />
        <span>{event.destination_name ?? event.destination_id}</span>
      </span>
      <span className="flex items-center gap-2 md:ml-auto">
        <Id id={event.id} what="event id" />
        <Link href={`/requests/${event.request_id}`} prefetch={false} className="sr-only focus-visible:not-sr-only">
          Open its request
        </Link>
        <Id id={event.request_id} what="request id" />
      </span>
    </div>
    <Told event={event} />
    {event.erased_at === null ? <EventActions event={event} /> : <Erased at={event.erased_at} />}
    <EventOrder event={event} />
  </>
);

/** When it happened and what it is about, as its provider says. */
function Told({ event: { occurred_at, resource_id } }: { event: EventDetail }) {
  if (occurred_at === null && resource_id === null) return null;
  return (
    <p className="mt-1 truncate text-muted text-xs">
      {resource_id === null ? null : (
        <>
          About <span className="font-mono">{visibleText(resource_id)}</span>
          {occurred_at === null ? "" : ", "}
        </>
      )}
      {occurred_at === null ? null : `happened ${formatExact(occurred_at)}`}
    </p>
  );
}

const CopyOf = ({ id }: { id: string }) => (
  <>
    Debug copy of{" "}
    <Link href={`/events/${id}`} prefetch={false} title={id} className="font-mono text-xs underline underline-offset-2">
      {shortenId(id)}
    </Link>
  </>
);

const Then = () => (
  <>
    <Icon name="arrow" size={12} className="text-faint" />
    <span className="sr-only">to</span>
  </>
);
