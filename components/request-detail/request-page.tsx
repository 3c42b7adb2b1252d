"use client";

import { DetailPage } from "#components/detail-page/detail-page.tsx";
import { REQUESTS } from "#components/lists/requests.tsx";
import { RequestDetail } from "./request-detail.tsx";

/** The page of one request. */
export const RequestPage = ({ id }: { id: string }) => (
  <DetailPage definition={REQUESTS} id={id}>
    <RequestDetail key={id} id={id} variant="page" />
  </DetailPage>
);
