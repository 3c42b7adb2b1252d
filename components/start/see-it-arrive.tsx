"use client";

import Link from "next/link";
import { DoorVerdict } from "#components/lists/door-verdict.tsx";
import { Button } from "#components/ui/button.tsx";
import { StateLabel } from "#components/ui/event-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { Source } from "#server/contracts/source.ts";
import { ConnectForm } from "./connect-form.tsx";
import { Step, type StepState } from "./step.tsx";
import type { FirstMinutesState } from "./use-first-minutes.ts";

interface SeeItArriveProps extends Pick<FirstMinutesState, "source" | "arrived" | "connection" | "event"> {
  state: StepState;
  onConnecting(): void;
  onConnected(): void;
  /** Leads on, once something was delivered. */
  onDone?: { label: string; run(): void } | undefined;
}

/** The third step: what arrived, the place where it should go, and its delivery. */
export function SeeItArrive(props: SeeItArriveProps) {
  const { source, arrived, connection, event, state, onConnecting, onConnected, onDone } = props;
  return (
    <Step number={3} title="See it arrive" state={state}>
      {arrived && source ? (
        <>
          <Arrived request={arrived} />
          {connection ? (
            <Delivery event={event} onDone={onDone} />
          ) : (
            <ConnectForm source={source} request={arrived} onConnecting={onConnecting} onConnected={onConnected} />
          )}
        </>
      ) : (
        <NotYet source={source} />
      )}
    </Step>
  );
}

const NotYet = ({ source }: { source: Source | undefined }) => (
  <>
    <p className="text-muted">
      The request appears here within two seconds. Then say where {source ? `what ${source.name} gets` : "it"} should
      go.
    </p>
    <div className="grid gap-0.5 rounded-md border border-line border-dashed p-[9px] text-muted">
      <span>Your first destination</span>
      <span className="text-faint text-xs">a URL, or a mock that answers</span>
    </div>
  </>
);

const Arrived = ({ request }: { request: RequestSummary }) => (
  <div className="grid gap-1 rounded-md border border-line p-[9px]">
    <div className="flex items-center gap-2">
      <DoorVerdict of={request} />
      <span className="ml-auto text-muted text-xs">
        <RelativeTime iso={request.created_at} />
      </span>
    </div>
    <Link
      href={`/requests/${request.id}`}
      prefetch={false}
      className="truncate font-mono text-xs underline decoration-line underline-offset-2 hovered:decoration-current"
    >
      {request.event_type ?? `${request.method} ${request.body_bytes} bytes`}
    </Link>
  </div>
);

const SAYS: Partial<Record<string, string>> = {
  DELIVERED: "Your first webhook was delivered.",
  RETRYING: "The destination did not take it. It is tried again by itself; open the event to see the answer.",
  FAILED: "The destination did not take it. Open the event to see the answer.",
};

function Delivery({ event, onDone }: { event: FirstMinutesState["event"]; onDone: SeeItArriveProps["onDone"] }) {
  return (
    <div role="status" className="grid gap-2">
      {event ? (
        <>
          <p className="flex items-center gap-2">
            <StateLabel state={event.status} />
            <Link href={`/events/${event.id}`} prefetch={false} className="text-xs underline underline-offset-2">
              Open the event
            </Link>
          </p>
          <p className="text-muted">{SAYS[event.status] ?? "On its way."}</p>
        </>
      ) : (
        <p className="text-muted">Connected. On its way.</p>
      )}
      {onDone ? (
        <div>
          <Button kind={event?.status === "DELIVERED" ? "primary" : "plain"} size="lg" onClick={onDone.run}>
            {onDone.label}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
