import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { SavedView, ViewedList } from "#server/contracts/saved-view.ts";

const FRESH_MS = 30_000;

/** The views of a list that the team has saved, and what can be done with them. */
export function useViews(list: ViewedList) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data } = useQuery(trpc.views.list.queryOptions({ list }, { staleTime: FRESH_MS }));
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.views.list.queryKey() });
  const onError = ({ message }: { message: string }) => showToast({ kind: "failed", text: message });
  const create = useMutation(trpc.views.create.mutationOptions({ onSuccess, onError }));
  const update = useMutation(trpc.views.update.mutationOptions({ onSuccess, onError }));
  const remove = useMutation(trpc.views.delete.mutationOptions({ onSuccess, onError }));
  return {
    views: data?.data ?? [],
    /** Puts other filters in a view that is as it was read. */
    replace: ({ id, name, updated_at, filters: before }: SavedView, filters: SavedView["filters"]) =>
      update.mutate(
        { id, filters, if_updated_at: updated_at },
        {
          onSuccess: (after) =>
            showToast({
              kind: "done",
              text: `“${name}” shows these filters now.`,
              action: {
                label: "Undo",
                run: () => update.mutate({ id, filters: before, if_updated_at: after.updated_at }),
              },
            }),
        },
      ),
    remove: ({ id, name, filters }: SavedView, onGone: () => void) =>
      remove.mutate(
        { id },
        {
          onSuccess: () => {
            onGone();
            showToast({
              kind: "done",
              text: `The view “${name}” is deleted, for everybody in the team.`,
              action: { label: "Undo", run: () => create.mutate({ list, name, filters }) },
            });
          },
        },
      ),
  };
}
