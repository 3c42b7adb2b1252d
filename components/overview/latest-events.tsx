import { StateLabel } from "#components/ui/event-state.tsx";
import { Id } from "#components/ui/id.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { LatestEvent } from "#server/contracts/overview.ts";

const cell = "px-2 first:pl-3.5 last:pr-3.5 max-md:py-2 md:h-(--h-row) align-middle max-md:align-top";
const head = "h-7 px-2 first:pl-3.5 last:pr-3.5 font-normal text-muted text-xs text-left whitespace-nowrap";
const onWide = "hidden md:table-cell";
const mono = "font-mono text-xs";

/** What the receiver said last: its status, or why there is none. */
const responseOf = ({ response_status, error_code }: LatestEvent) => response_status ?? error_code ?? "–";

function Route({ event }: { event: LatestEvent }) {
  return (
    <>
      {event.source_name ?? event.source_id}{" "}
      <span className="text-muted">
        <span aria-hidden="true">→</span>
        <span className="sr-only">to</span>
      </span>{" "}
      {event.destination_name ?? event.destination_id}
    </>
  );
}

/** What narrow screens have no columns for. */
function Details({ event }: { event: LatestEvent }) {
  return (
    <div className="mt-0.5 text-muted md:hidden">
      <p className="[overflow-wrap:anywhere]">
        <Route event={event} />
      </p>
      <p className="flex flex-wrap gap-x-3">
        <RelativeTime iso={event.created_at} />
        {event.attempts > 0 ? (
          <span>
            {event.attempts} {event.attempts === 1 ? "attempt" : "attempts"}, {responseOf(event)}
          </span>
        ) : null}
      </p>
    </div>
  );
}

function EventRow({ event }: { event: LatestEvent }) {
  return (
    <tr className="border-line border-t hovered:bg-inset">
      <td className={cell}>
        <StateLabel state={event.status} />
      </td>
      <td className={`${cell} w-full md:w-auto md:max-w-80 md:truncate`}>
        <span className={`${mono} max-md:[overflow-wrap:anywhere]`}>{event.event_type ?? "–"}</span>
        <Details event={event} />
      </td>
      <td className={`${cell} ${onWide} w-full max-w-0 truncate`}>
        <Route event={event} />
      </td>
      <td className={`${cell} ${onWide} text-right`}>{event.attempts}</td>
      <td className={`${cell} ${onWide} ${mono} whitespace-nowrap`}>{responseOf(event)}</td>
      <td className={`${cell} hidden whitespace-nowrap 2xl:table-cell`}>
        <Id id={event.id} what="event id" isWhole />
      </td>
      <td className={`${cell} ${onWide} text-right text-muted`}>
        <RelativeTime iso={event.created_at} />
      </td>
    </tr>
  );
}

/** The newest events, newest first. Narrow screens keep state, type, route and time. */
export function LatestEvents({ events }: { events: LatestEvent[] }) {
  return (
    <section className="mt-6" aria-labelledby="latest-events">
      <h2 id="latest-events" className="font-semibold text-base tracking-tight">
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
              <EventRow key={event.id} event={event} />
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
