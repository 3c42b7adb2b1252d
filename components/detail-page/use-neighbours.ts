import { useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { ListDefinition, ListRow } from "#components/lists/list-definition.ts";
import type { ListInput } from "#components/lists/list-input.ts";
import { formatCount } from "#components/ui/format.ts";
import type { Histogram } from "#server/contracts/histogram.ts";
import { idTime } from "./id-time.ts";

/** Rows of one millisecond that are looked through for the one behind it. */
const WINDOW_ROWS = 50;
const FRESH_MS = 5000;
const COUNTED_MS = 20_000;

/** `1 of 3,106`; undefined where more rows match than are counted, and for one that is not in the list. */
function placeOf(before: Histogram | undefined, all: Histogram | undefined): string | undefined {
  if (!before || !all || before.is_at_least || all.is_at_least) return undefined;
  const isInList = before.total > 0 && before.total <= all.total;
  return isInList ? `${formatCount(before.total)} of ${formatCount(all.total)}` : undefined;
}

/** The rows before and after one in its list, by id; undefined at the ends of the list. */
export function useNeighbours<Row extends ListRow>(definition: ListDefinition<Row>, input: ListInput, id: string) {
  const api = useTRPCClient();
  const time = idTime(id);
  const side = (dir: "asc" | "desc", range: ListInput) => ({
    queryKey: ["list-neighbour", definition.path, input, id, dir],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const asked = { ...input, ...range, dir, limit: WINDOW_ROWS };
      const { data } = await definition.list(api, asked, signal);
      const at = data.findIndex((row) => row.id === id);
      // One that the filter leaves out has the nearest row that is in the list beside it.
      return (at === -1 ? data.find((row) => row.id !== id) : data[at + 1])?.id ?? null;
    },
    staleTime: FRESH_MS,
    retry: false,
  });
  const end = typeof input.to === "string" && !input.to.startsWith("now") && input.to < time ? input.to : time;
  const count = (what: string, range: ListInput) => ({
    queryKey: ["list-place", definition.path, input, what],
    queryFn: ({ signal }: { signal: AbortSignal }) => definition.count(api, { ...input, ...range, buckets: 1 }, signal),
    staleTime: COUNTED_MS,
    // A search in payloads reads all of its range each time.
    enabled: input.body === undefined,
    retry: false,
  });
  const before = useQuery(count(id, { from: time }));
  const total = useQuery(count("all", {}));
  const newer = useQuery(side("asc", { from: time }));
  const older = useQuery(side("desc", { to: end }));
  return {
    newer: newer.data ?? undefined,
    older: older.data ?? undefined,
    place: placeOf(before.data, total.data),
  };
}
