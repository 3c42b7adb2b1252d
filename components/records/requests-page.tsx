"use client";

import { useMay } from "#components/data/may.tsx";
import { ListPage } from "#components/lists/list-page.tsx";
import { REQUESTS } from "#components/lists/requests.tsx";
import { ReplayAll, RequestsBulkBar } from "./bulk-bar.tsx";
import { RequestPanel } from "./detail-panels.tsx";

/** The list of requests, with one of them open beside it. */
export function RequestsPage() {
  const mayRetry = useMay("events.retry");
  return (
    <ListPage
      definition={REQUESTS}
      renderPanel={(id, controls) => <RequestPanel id={id} controls={controls} />}
      renderAllBar={mayRetry ? (all) => <ReplayAll kind="retry-requests" selection={all} /> : undefined}
      renderBulkBar={mayRetry ? (selection) => <RequestsBulkBar selection={selection} /> : undefined}
    />
  );
}
