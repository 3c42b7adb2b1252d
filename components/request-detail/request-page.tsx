"use client";

import { lazy } from "react";
import { DetailPage } from "#components/detail-page/detail-page.tsx";
import { RequestDetail } from "./request-detail.tsx";

// The list's filters are more code than the page itself.
const RequestPlace = lazy(async () => ({ default: (await import("./request-place.tsx")).RequestPlace }));

/** The page of one request. */
export const RequestPage = ({ id }: { id: string }) => (
  <DetailPage list={{ title: "Requests", path: "/requests" }} id={id} place={<RequestPlace id={id} />}>
    <RequestDetail key={id} id={id} variant="page" />
  </DetailPage>
);
