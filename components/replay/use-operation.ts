"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import type { BulkOperationDetail } from "#server/contracts/bulk.ts";
import { progressOf, type Sample, withSample } from "./progress.ts";

const LOOK_MS = 1_000;
const LOOK_SELDOM_MS = 5_000;

/** What it has queued goes on after it is over. */
function lookAgainIn(operation: BulkOperationDetail | undefined): number | false {
  if (!operation || operation.state === "RUNNING") return LOOK_MS;
  const { QUEUED = 0, SCHEDULED = 0, RETRYING = 0 } = operation.outcomes;
  if (QUEUED > 0) return LOOK_MS;
  return SCHEDULED + RETRYING > 0 ? LOOK_SELDOM_MS : false;
}

/** An operation while it is watched, with how it went since the watching began. */
export function useOperation(id: string) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.bulk.get.queryOptions({ id }, { refetchInterval: ({ state }) => lookAgainIn(state.data) }),
  );
  const samples = useRef<{ id: string; seen: Sample[] }>({ id, seen: [] });
  if (samples.current.id !== id) samples.current = { id, seen: [] };
  if (query.data) {
    const sample = { atMs: query.dataUpdatedAt, sent: progressOf(query.data).sent };
    samples.current = { id, seen: withSample(samples.current.seen, sample) };
  }
  return { ...query, samples: samples.current.seen };
}
