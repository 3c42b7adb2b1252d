"use client";

import { lazy } from "react";
import { DetailPage } from "#components/detail-page/detail-page.tsx";
import { AttemptDetail } from "./attempt-detail.tsx";

// The list's filters are more code than the page itself.
const AttemptPlace = lazy(async () => ({ default: (await import("./attempt-place.tsx")).AttemptPlace }));

/** The page of one attempt. */
export const AttemptPage = ({ id }: { id: string }) => (
  <DetailPage list={{ title: "Attempts", path: "/attempts" }} id={id} place={<AttemptPlace id={id} />}>
    <AttemptDetail key={id} id={id} variant="page" />
  </DetailPage>
);
