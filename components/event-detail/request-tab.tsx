"use client";

import { useQuery } from "@tanstack/react-query";
import { CopyAsCurl } from "#components/data/copy-as-curl.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { BodyDiff } from "#components/payload/body-diff.tsx";
import { BodyView } from "#components/payload/body-view.tsx";
import { DeliveredBody } from "#components/payload/delivered-body.tsx";
import { Message } from "#components/payload/message.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { attemptsOf } from "./attempt-list.tsx";

const VIEWS = [
  { value: "original", label: "Original" },
  { value: "delivered", label: "Delivered" },
  { value: "changes", label: "Changes" },
] as const;
type View = (typeof VIEWS)[number]["value"];

/** What came in and what is delivered; only where a transformation changed it are these two. */
export function RequestTab({ event }: { event: EventDetail }) {
  const [view, setView] = usePart<View>("view", ["original", "delivered", "changes"]);
  if (!event.is_transformed) {
    return (
      <>
        <p className="px-5 pt-2.5 text-muted text-xs max-md:px-3.5">Delivered as it came.</p>
        <Original event={event} />
      </>
    );
  }
  return (
    <>
      <div className="px-5 pt-2.5 max-md:px-3.5">
        <Segmented label="Which request" options={VIEWS} value={view} onChange={setView} />
      </div>
      {view === "original" ? <Original event={event} /> : null}
      {view === "delivered" ? <Delivered event={event} /> : null}
      {view === "changes" ? (
        <BodyDiff
          label="Original and delivered"
          before={{ kind: "requests", id: event.request_id }}
          after={{ kind: "events", id: event.id }}
        />
      ) : null}
    </>
  );
}

function Original({ event }: { event: EventDetail }) {
  const trpc = useTRPC();
  const { data: request, error } = useQuery(
    trpc.requests.get.queryOptions({ id: event.request_id, with_body: false }, { retry: false }),
  );
  const { data: source } = useQuery(trpc.sources.get.queryOptions({ id: event.source_id }, { retry: false }));
  if (error) {
    const isGone = error.data?.code === "NOT_FOUND";
    return (
      <p className="px-5 py-3 text-muted max-md:px-3.5">
        {isGone ? "Its request is no longer kept." : `The request did not load: ${error.message}`}
      </p>
    );
  }
  // What an erasure left in their place was never sent.
  const kept = request?.erased_at === null ? request : undefined;
  return (
    <Message
      what="request"
      line={kept && { method: kept.method, path: kept.path, query: kept.query }}
      headers={kept?.headers}
    >
      <BodyView
        of={{ kind: "requests", id: event.request_id }}
        label="Original payload"
        actions={(text) =>
          request && source ? (
            <CopyAsCurl
              request={{
                method: request.method,
                url: `${source.url}${request.path === "/" ? "" : request.path}${request.query === "" ? "" : `?${request.query}`}`,
                headers: request.headers,
                body: text,
              }}
            />
          ) : null
        }
      />
    </Message>
  );
}

function Delivered({ event }: { event: EventDetail }) {
  const trpc = useTRPC();
  const last = attemptsOf(event).at(-1);
  const kept = event.erased_at === null ? event : undefined;
  const { data: attempt } = useQuery(
    trpc.attempts.get.queryOptions({ id: last?.attempt_id ?? "" }, { enabled: last !== undefined, retry: false }),
  );
  return (
    <Message
      what="request"
      line={kept && { method: kept.method, path: kept.path, query: kept.query }}
      headers={kept?.headers}
    >
      <DeliveredBody eventId={event.id} attempt={attempt} />
    </Message>
  );
}
