"use client";

import { RequestsBulkBar } from "#components/replay/bulk-bar.tsx";
import { ListPage } from "./list-page.tsx";
import { PanelStub } from "./panel-stub.tsx";
import { REQUESTS } from "./requests.tsx";

/** The list of requests, with one of them open beside it. */
export const RequestsPage = () => (
  <ListPage
    definition={REQUESTS}
    renderPanel={(id, controls) => <PanelStub id={id} controls={controls} />}
    renderBulkBar={(selection) => <RequestsBulkBar selection={selection} />}
  />
);
