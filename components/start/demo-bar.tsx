"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { DemoState } from "#server/contracts/demo.ts";
import { DEMO_GONE, demoLine } from "./demo-words.ts";

const LOOK_AGAIN_MS: Partial<Record<DemoState, number>> = { sending: 5_000, removing: 1_500 };

/** Says on top of a page that the demo is loaded, and takes it away. Nothing where there is none. */
export function DemoBar() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayRemove = useMay("resources.delete");
  const query = trpc.demo.get.queryOptions(
    {},
    { refetchInterval: ({ state }) => LOOK_AGAIN_MS[state.data?.state ?? "none"] ?? false },
  );
  const { data: demo } = useQuery(query);
  const remove = useMutation(
    trpc.demo.remove.mutationOptions({
      onSuccess: (left) => queryClient.setQueryData(query.queryKey, left),
      onError: ({ message }) => showToast({ kind: "failed", text: message }),
    }),
  );
  const state = demo?.state ?? "none";
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "removing" && state === "none") {
      showToast({ kind: "done", text: DEMO_GONE });
      void queryClient.invalidateQueries();
    }
    before.current = state;
  }, [state, queryClient]);
  if (!demo || state === "none") return null;
  const button =
    state === "removing" || !mayRemove ? undefined : (
      <Button size="sm" icon="trash" isBusy={remove.isPending} onClick={() => remove.mutate({})}>
        Remove the demo
      </Button>
    );
  return (
    <Banner kind={demo.problem && state === "sending" ? "warning" : "info"} action={button}>
      {demoLine(demo)}
    </Banner>
  );
}
