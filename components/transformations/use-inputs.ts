"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { keepPastedText, readPastedText, tabStore } from "./draft.ts";
import { readPasted } from "./request-text.ts";

const RECENT = 25;
const MAX_CONNECTIONS = 255;
/** New requests come into the list of those to choose from without being asked for. */
const LOOK_AGAIN_MS = 15_000;

/** What the code is tried on. `key` is another one for another input. */
export type Input =
  | { kind: "stored"; key: string; id: string; request: TransformRequest | undefined }
  | { kind: "pasted"; key: string; request: TransformRequest }
  /** There is nothing to try it on yet, and why. */
  | { kind: "none"; why: string | undefined };

export interface Inputs {
  input: Input;
  recent: readonly RequestSummary[];
  /** Whether the requests are of any source, since no connection uses the transformation. */
  isOfAnySource: boolean;
  isLoading: boolean;
  error: string | undefined;
  /** Whether what is pasted is chosen, and not a request. */
  isPasted: boolean;
  pasted: string;
  paste: (text: string) => void;
}

/** The connections that use a transformation, the newest first. */
export function useUses(id: string) {
  const trpc = useTRPC();
  return useQuery(trpc.connections.list.queryOptions({ transformation_id: [id], limit: MAX_CONNECTIONS }));
}

function usePasted(id: string) {
  const [text, setText] = useState("");
  useEffect(() => setText(readPastedText(tabStore(), id)), [id]);
  const paste = (next: string) => {
    setText(next);
    keepPastedText(tabStore(), id, next);
  };
  return { text, paste, read: useMemo(() => readPasted(text), [text]) };
}

/** The requests that a transformation can be tried on, and the one that is chosen: the newest, unless the URL says another. */
export function useInputs(id: string, chosen: string | null): Inputs {
  const trpc = useTRPC();
  const uses = useUses(id);
  const pasted = usePasted(id);
  const sources = [...new Set(uses.data?.data.map((connection) => connection.source_id))];
  const recent = useQuery(
    trpc.requests.list.queryOptions(
      {
        status: "accepted",
        limit: RECENT,
        ...(sources.length > 0 && { source_id: sources.slice(0, MAX_CONNECTIONS) }),
      },
      { enabled: uses.data !== undefined, refetchInterval: LOOK_AGAIN_MS, placeholderData: (before) => before },
    ),
  );
  const rows = recent.data?.data ?? [];
  const isPasted = chosen === "pasted";
  // The one that was newest first stays: nothing changes under the hands of whoever reads it.
  const [first, setFirst] = useState<string>();
  const newest = rows[0]?.id;
  if (first === undefined && newest !== undefined) setFirst(newest);
  const storedId = isPasted ? undefined : (chosen ?? first);
  const stored = useQuery(
    trpc.requests.ruleRequest.queryOptions(
      { id: storedId ?? "" },
      { enabled: storedId !== undefined, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const error = uses.error ?? recent.error ?? stored.error;
  return {
    input: inputOf(),
    recent: rows,
    isOfAnySource: uses.data !== undefined && sources.length === 0,
    isLoading: storedId === undefined ? !isPasted && (uses.isLoading || recent.isLoading) : stored.isLoading,
    error: error?.message,
    isPasted,
    pasted: pasted.text,
    paste: pasted.paste,
  };

  function inputOf(): Input {
    if (isPasted) {
      if (pasted.read.kind === "problem") return { kind: "none", why: pasted.read.message };
      return { kind: "pasted", key: `pasted ${pasted.text}`, request: pasted.read.request };
    }
    if (storedId === undefined) return { kind: "none", why: undefined };
    return { kind: "stored", key: storedId, id: storedId, request: stored.data };
  }
}
