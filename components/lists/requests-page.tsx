"use client";

import { RequestsBulkBar } from "#components/replay/bulk-bar.tsx";
import { RequestPanel } from "./detail-panels.tsx";
import { ListPage } from "./list-page.tsx";
import { REQUESTS } from "./requests.tsx";

/** The list of requests, with one of them open beside it. */
export const RequestsPage = () => (
  <ListPage
    definition={REQUESTS}
    renderPanel={(id, controls) => <RequestPanel id={id} controls={controls} />}
    renderBulkBar={(selection) => <RequestsBulkBar selection={selection} />}
  />
);
