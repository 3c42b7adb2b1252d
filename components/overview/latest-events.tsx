import { CopyButton } from "#components/ui/copy-button.tsx";
import { EventStatusLabel } from "#components/ui/event-status.tsx";
import { formatAgo, formatExact } from "#components/ui/format.ts";
import type { LatestEvent } from "#server/contracts/overview.ts";

const cell = "px-3 py-2 align-baseline sm:px-4";
const head = `${cell} font-normal text-muted text-left whitespace-nowrap`;
const onWide = "hidden md:table-cell";

/** What the receiver said last: its status, or why there is none. */
const responseOf = ({ response_status, error_code }: LatestEvent) => response_status ?? error_code ?? "–";

function Route({ event }: { event: LatestEvent }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      {event.source_name ?? event.source_id}{" "}
      <span className="text-muted">
        <span aria-hidden="true">→</span>
        <span className="sr-only">to</span>
      </span>{" "}
      {event.destination_name ?? event.destination_id}
    </span>
  );
}

function Received({ event, now }: { event: LatestEvent; now: string }) {
  return (
    <time dateTime={event.created_at} title={formatExact(event.created_at)} className="whitespace-nowrap">
      {formatAgo(event.created_at, now)}
    </time>
  );
}

/** What narrow screens have no columns for. */
function Details({ event, now }: { event: LatestEvent; now: string }) {
  return (
    <div className="mt-0.5 text-muted md:hidden">
      <p>
        <Route event={event} />
      </p>
      <p className="flex flex-wrap gap-x-3">
        <Received event={event} now={now} />
        {event.attempts > 0 ? (
          <span>
            {event.attempts} {event.attempts === 1 ? "attempt" : "attempts"}, {responseOf(event)}
          </span>
        ) : null}
      </p>
    </div>
  );
}

function EventRow({ event, now }: { event: LatestEvent; now: string }) {
  return (
    <tr className="border-line border-t">
      <td className={cell}>
        <EventStatusLabel status={event.status} />
      </td>
      <td className={`${cell} w-full md:w-auto`}>
        <span className="font-mono text-[13px] [overflow-wrap:anywhere]">{event.event_type ?? "–"}</span>
        <Details event={event} now={now} />
      </td>
      <td className={`${cell} ${onWide}`}>
        <Route event={event} />
      </td>
      <td className={`${cell} ${onWide} text-right`}>{event.attempts}</td>
      <td className={`${cell} ${onWide} whitespace-nowrap font-mono text-[13px]`}>{responseOf(event)}</td>
      <td className={`${cell} hidden whitespace-nowrap font-mono text-[13px] text-muted 2xl:table-cell`}>
        {event.id}
        <span className="-my-1 ml-1 inline-block align-middle">
          <CopyButton text={event.id} what="event id" />
        </span>
      </td>
      <td className={`${cell} ${onWide} text-right text-muted`}>
        <Received event={event} now={now} />
      </td>
    </tr>
  );
}

/** The newest events, newest first. Narrow screens keep state, type, route and time. */
export function LatestEvents({ events, now }: { events: LatestEvent[]; now: string }) {
  return (
    <section className="mt-8" aria-labelledby="latest-events">
      <h2 id="latest-events" className="font-semibold tracking-tight">
        Last events
      </h2>
      <div className="mt-3 overflow-hidden rounded-lg border border-line bg-surface">
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <th className={head}>Status</th>
              <th className={head}>Event</th>
              <th className={`${head} ${onWide}`}>Route</th>
              <th className={`${head} ${onWide} text-right`}>Attempts</th>
              <th className={`${head} ${onWide}`}>Response</th>
              <th className={`${head} hidden 2xl:table-cell`}>Event id</th>
              <th className={`${head} ${onWide} text-right`}>Received</th>
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <EventRow key={event.id} event={event} now={now} />
            ))}
          </tbody>
        </table>
        {events.length === 0 ? (
          <p className="border-line border-t px-4 py-6 text-muted">No event has been made yet.</p>
        ) : null}
      </div>
    </section>
  );
}
