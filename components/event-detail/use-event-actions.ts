import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { EventDetail, EventStatus, EventSummary } from "#server/contracts/event.ts";
import type { ActionKind } from "./safe-action.ts";

/** What an action makes of an event as far as can be told before the server answers. */
function expected(event: EventDetail, kind: ActionKind): EventStatus {
  if (kind === "cancel") return "CANCELLED";
  return event.status === "HOLD" && kind === "retry" ? "HOLD" : "QUEUED";
}

const DONE: Record<ActionKind, string> = {
  retry: "Queued again, under the same id.",
  cancel: "Cancelled: it is not sent any more.",
  resume: "Resumed: what the connection held goes out in order.",
};

/** Shows at once what is expected, then what the server says; a refusal puts back what was and says why. */
export function useEventActions(event: EventDetail) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const queryKey = trpc.events.get.queryKey({ id: event.id, with_body: false });

  const settled = (kind: ActionKind) => ({
    onMutate: async () => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<EventDetail>(queryKey);
      client.setQueryData<EventDetail>(queryKey, (old) => old && { ...old, status: expected(old, kind) });
      return { before };
    },
    onError: (
      error: { message: string },
      _input: unknown,
      context: { before: EventDetail | undefined } | undefined,
    ) => {
      if (context?.before) client.setQueryData(queryKey, context.before);
      showToast({ kind: "failed", text: error.message });
    },
    onSuccess: () => showToast({ kind: "done", text: DONE[kind] }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: trpc.events.get.queryKey() }),
        client.invalidateQueries({ queryKey: trpc.requests.branches.queryKey() }),
        client.invalidateQueries({ queryKey: ["list-head"] }),
      ]),
  });
  const answered = (summary: EventSummary) =>
    client.setQueryData<EventDetail>(queryKey, (old) => old && { ...old, ...summary });

  const retry = useMutation(
    trpc.events.retry.mutationOptions({
      ...settled("retry"),
      onSuccess: (summary) => {
        answered(summary);
        showToast({ kind: "done", text: DONE.retry });
      },
    }),
  );
  const cancel = useMutation(
    trpc.events.cancel.mutationOptions({
      ...settled("cancel"),
      onSuccess: (summary) => {
        answered(summary);
        showToast({ kind: "done", text: DONE.cancel });
      },
    }),
  );
  const resume = useMutation(trpc.connections.unpause.mutationOptions(settled("resume")));
  const isBusy = retry.isPending || cancel.isPending || resume.isPending;
  return {
    isBusy,
    run(kind: ActionKind) {
      if (kind === "retry") retry.mutate({ id: event.id });
      else if (kind === "cancel") cancel.mutate({ id: event.id });
      else resume.mutate({ id: event.connection_id });
    },
  };
}
