"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AttemptResponse } from "#components/attempt-detail/attempt-response.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { BodySkeleton } from "#components/payload/body-view.tsx";
import type { TracedAttempt } from "./attempt-list.tsx";

/** What the last attempt was answered. */
export function ResponseTab({ attempts }: { attempts: readonly TracedAttempt[] }) {
  const trpc = useTRPC();
  const last = attempts.at(-1);
  const { data, error } = useQuery(
    trpc.attempts.get.queryOptions(
      { id: last?.attempt_id ?? "" },
      { enabled: last !== undefined, staleTime: Number.POSITIVE_INFINITY, retry: false },
    ),
  );
  if (last === undefined) return <Note>Nothing was sent yet, so nothing was answered.</Note>;
  if (error) return <Note>The response did not load: {error.message}</Note>;
  return data ? <AttemptResponse attempt={data} /> : <BodySkeleton />;
}

const Note = ({ children }: { children: ReactNode }) => (
  <p className="px-5 py-3 text-muted max-md:px-3.5">{children}</p>
);
