import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { showToast } from "#components/ui/toasts.ts";

/** Evaluates a request's route again. Its branches change a moment later, when it was routed. */
export function useReroute() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.requests.retry.mutationOptions({
      onError: (error) => showToast({ kind: "failed", text: error.message }),
      onSuccess: ({ connection_ids }, { send_anyway }) => {
        const count = connection_ids.length;
        const what = `${count} ${count === 1 ? "branch" : "branches"}`;
        showToast({
          kind: "done",
          text: send_anyway ? "Sent on, past the filter." : `Routed again on ${what}, with today's rules.`,
        });
      },
      onSettled: (_answer, _error, { id }) =>
        Promise.all([
          client.invalidateQueries({ queryKey: trpc.requests.branches.queryKey({ id }) }),
          client.invalidateQueries({ queryKey: trpc.requests.get.queryKey() }),
        ]),
    }),
  );
}
