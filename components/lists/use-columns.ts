import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { showToast } from "#components/ui/toasts.ts";
import { keysShown, type ListColumn } from "./columns.ts";
import type { ListDefinition, ListRow } from "./list-definition.ts";
import type { ListUrl } from "./use-list-url.ts";

/** The columns of a list that are shown, and the way to others: they go into the address, and are remembered for the person. */
export function useColumns<Row extends ListRow>(
  { viewsOf: list }: ListDefinition<Row>,
  url: ListUrl,
  all: readonly ListColumn<Row>[],
) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const kept = trpc.account.columns.queryOptions({}, { staleTime: Number.POSITIVE_INFINITY });
  const { data } = useQuery(kept);
  const choose = useMutation(
    trpc.account.chooseColumns.mutationOptions({
      // One after the other: the last choice is the one that is remembered.
      scope: { id: "columns" },
      onSuccess: (next) => queryClient.setQueryData(kept.queryKey, next),
      onError: ({ message }) => showToast({ kind: "failed", text: `The columns are not remembered. ${message}` }),
    }),
  );
  const keys = keysShown(all, url.columns, data?.columns[list]);
  return {
    keys,
    columns: all.filter(({ key }) => keys.includes(key)),
    /** Null: the usual ones. */
    choose: (next: readonly string[] | null) => {
      url.setColumns(next);
      choose.mutate({ list, columns: next && [...next] });
    },
  };
}
