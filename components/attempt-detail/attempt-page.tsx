"use client";

import { DetailPage } from "#components/detail-page/detail-page.tsx";
import { ATTEMPTS } from "#components/lists/attempts.tsx";
import { AttemptDetail } from "./attempt-detail.tsx";

/** The page of one attempt. */
export const AttemptPage = ({ id }: { id: string }) => (
  <DetailPage definition={ATTEMPTS} id={id}>
    <AttemptDetail key={id} id={id} variant="page" />
  </DetailPage>
);
