"use client";

import { useQuery } from "@tanstack/react-query";
import { CopyAsCurl } from "#components/data/copy-as-curl.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { isBodyUnread } from "#components/lists/unread-body.ts";
import { BodyView } from "#components/payload/body-view.tsx";
import { Headers } from "#components/payload/headers.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { RequestDetail } from "#server/contracts/request.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { ErasePayload } from "./erase-payload.tsx";

const UNREAD = "The body was not read: the request was refused before.";
const PARTS = ["body", "headers", "query"] as const;

/** What was sent: body, headers, and the line with its query. */
export function RequestTabs({ request }: { request: RequestDetail }) {
  const [part, setPart] = usePart("tab", PARTS);
  const isErased = request.erased_at !== null;
  const tabs = [
    {
      value: "body" as const,
      label: "Body",
      content: isBodyUnread(request) && !isErased ? <Gone>{UNREAD}</Gone> : <Body request={request} />,
    },
    {
      value: "headers" as const,
      label: "Headers",
      ...(isErased ? {} : { count: String(request.headers.length) }),
      content: isErased ? <Gone>The headers were erased.</Gone> : <HeadersPart headers={request.headers} />,
    },
    {
      value: "query" as const,
      label: "Query",
      content: isErased ? <Gone>Path and query were erased.</Gone> : <Query request={request} />,
    },
  ];
  return (
    <>
      <Tabs label="Parts of the request" tabs={tabs} value={part} onChange={setPart} />
      {isErased ? null : (
        <div className="px-3.5 pb-3">
          <ErasePayload id={request.id} />
        </div>
      )}
    </>
  );
}

function Body({ request }: { request: RequestDetail }) {
  const trpc = useTRPC();
  const { data: source } = useQuery(trpc.sources.get.queryOptions({ id: request.source_id }, { retry: false }));
  const { method, path, query, headers } = request;
  return (
    <BodyView
      of={{ kind: "requests", id: request.id }}
      label="Payload"
      actions={(text) =>
        source ? (
          <CopyAsCurl
            request={{
              method,
              url: `${source.url}${path === "/" ? "" : path}${query === "" ? "" : `?${query}`}`,
              headers,
              body: text,
            }}
          />
        ) : null
      }
    />
  );
}

const Gone = ({ children }: { children: string }) => <p className="px-5 py-3 text-muted max-md:px-3.5">{children}</p>;

const HeadersPart = ({ headers }: { headers: HeaderList }) => (
  <div className="px-3 py-2.5 max-md:px-1.5">
    <Headers label="Headers of the request" headers={headers} />
  </div>
);

const Query = ({ request: { method, path, query } }: { request: RequestDetail }) => (
  <div className="space-y-2 px-5 py-3 max-md:px-3.5">
    <p className="font-mono text-ink-2 text-xs [overflow-wrap:anywhere]">
      <Tag>{visibleText(method)}</Tag> {visibleText(path)}
    </p>
    {query === "" ? (
      <p className="text-muted">There is no query.</p>
    ) : (
      <p className="font-mono text-xs [overflow-wrap:anywhere]">?{visibleText(query)}</p>
    )}
  </div>
);
