"use client";

import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { DetailFrame, type Variant } from "#components/detail-page/detail-frame.tsx";
import { DetailFailed, DetailSkeleton, TabsSkeleton } from "#components/detail-page/detail-states.tsx";
import { Branches } from "./branches.tsx";
import { RequestHead } from "./request-head.tsx";
import { VerificationSection } from "./verification.tsx";

// Views of payloads are heavy, and stand below the story.
const RequestTabs = lazy(async () => ({ default: (await import("./request-tabs.tsx")).RequestTabs }));

interface RequestDetailProps {
  id: string;
  variant: Variant;
  controls?: ReactNode;
}

/** One request: what the door decided and why, what each connection made of it, and what was sent. */
export function RequestDetail({ id, variant, controls }: RequestDetailProps) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.requests.get.queryOptions({ id, with_body: false }, { retry: false }));
  if (!data) {
    return error ? (
      <DetailFailed what="request" error={error} retry={() => void refetch()} controls={controls} />
    ) : (
      <DetailSkeleton controls={controls} />
    );
  }
  return (
    <DetailFrame
      variant={variant}
      head={<RequestHead request={data} variant={variant} controls={controls} />}
      story={
        <>
          {data.status === "accepted" ? <Branches request={data} /> : null}
          <VerificationSection request={data} />
        </>
      }
      content={
        <Suspense fallback={<TabsSkeleton />}>
          <RequestTabs request={data} />
        </Suspense>
      }
    />
  );
}
