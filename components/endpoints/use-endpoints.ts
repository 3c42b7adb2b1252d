"use client";

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { useLive } from "#components/live/use-live.ts";
import { showToast } from "#components/ui/toasts.ts";
import type { Endpoint } from "#server/contracts/endpoint.ts";
import { lengthWords } from "./lease-words.ts";

const PAGE_ROWS = 50;
/** A renewal is no news to anybody but this page, so it is asked for. */
const LOOK_AGAIN_MS = 5_000;

/** The endpoints that a search finds, and those that went. */
export function useEndpoints(search: string) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  // Beside the key of the procedure, so that what changes one endpoint renews the list too.
  const queryKey = [["endpoints", "list"], { search }];
  useLive(["config", "counts"], () => void queries.invalidateQueries({ queryKey: [["endpoints"]] }));
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      api.endpoints.list.query(
        { limit: PAGE_ROWS, ...(search !== "" && { search }), ...(pageParam && { next: pageParam }) },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.pagination.next,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const gone = useQuery(trpc.endpoints.gone.queryOptions({}, { refetchInterval: LOOK_AGAIN_MS * 3 }));
  return { list, gone };
}

/** One endpoint, and what can be done with it. */
export function useEndpoint(id: string) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const query = useQuery(trpc.endpoints.get.queryOptions({ id }, { refetchInterval: LOOK_AGAIN_MS }));
  const renewAll = () => void queries.invalidateQueries({ queryKey: [["endpoints"]] });
  const says = (text: (after: Endpoint) => string) => ({
    onSuccess: (after: Endpoint) => {
      renewAll();
      showToast({ kind: "done", text: text(after) });
    },
    onError: sayFailed,
  });
  const renew = useMutation(
    trpc.endpoints.renew.mutationOptions({
      onSuccess({ ttl }) {
        renewAll();
        if (ttl !== null) showToast({ kind: "done", text: `Renewed for ${lengthWords(ttl * 1_000)}.` });
      },
      onError: sayFailed,
    }),
  );
  const update = useMutation(
    trpc.endpoints.update.mutationOptions(
      says(({ ttl, paused }) =>
        ttl === null ? "It stays until somebody removes it." : paused ? "It is paused." : "It goes on.",
      ),
    ),
  );
  const verify = useMutation(
    trpc.endpoints.verify.mutationOptions(says(({ verification }) => verification?.detail ?? "It was asked.")),
  );
  const remove = useMutation(
    trpc.endpoints.delete.mutationOptions({
      onSuccess({ cancelled_count }) {
        renewAll();
        showToast({
          kind: "done",
          text: cancelled_count === 0 ? "Removed." : `Removed; ${cancelled_count} that waited are cancelled.`,
        });
      },
      onError: sayFailed,
    }),
  );
  return { query, renew, update, verify, remove };
}
