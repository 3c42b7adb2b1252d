"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { readDuration } from "#components/resource-form/duration-words.ts";
import { useFormField } from "#components/resource-form/form-context.ts";
import { fileWords } from "./file-words.ts";
import { readMib } from "./s3-values.ts";
import type { Branches } from "./use-destination.ts";

const LOOKED_AT = 50;

/** What a file will hold by what flows now and by the sizes of the last requests. */
export function FileSize({ branches: { branches, perMinute } }: { branches: Branches }) {
  const { requests } = useTRPC();
  const waitMs = readDuration(String(useFormField("config.batch_wait_ms").value));
  const maxBytes = readMib(String(useFormField("config.batch_bytes").value));
  const source_id = [...new Set(branches.map((branch) => branch.source_id))];
  const { data } = useQuery(
    requests.list.queryOptions({ source_id, limit: LOOKED_AT }, { enabled: source_id.length > 0, staleTime: 60_000 }),
  );
  const sizes = data?.data.map((request) => request.body_bytes) ?? [];
  if (waitMs === undefined || maxBytes === undefined || sizes.length === 0) return null;
  const bodyBytes = Math.round(sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length);
  return <p className="-mt-2 text-muted text-xs">{fileWords({ perMinute, bodyBytes, waitMs, maxBytes })}</p>;
}
