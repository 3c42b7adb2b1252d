"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { createParser, parseAsStringLiteral, useQueryStates } from "nuqs";
import { ShowOlder } from "#components/data/show-older.tsx";
import { SplitPanel } from "#components/data/split-panel.tsx";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { useOpenKeys } from "#components/data/use-open-keys.ts";
import { PageBar } from "#components/frame/page-bar.tsx";
import { useLive } from "#components/live/use-live.ts";
import { askNewReplay } from "#components/replay/ask.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { OperationPanel } from "./operation-panel.tsx";
import { OperationsTable, SkeletonTable } from "./operations-table.tsx";

const SHOWS = ["all", "running", "over"] as const;
const STATES = { all: undefined, running: ["RUNNING"], over: ["COMPLETED", "CANCELLED", "FAILED"] } as const;
const PARSERS = {
  show: parseAsStringLiteral(SHOWS).withDefault("all"),
  open: createParser({
    parse: (text: string) => (/^blk_[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ? text : null),
    serialize: (id: string) => id,
  }),
};
const PAGE_ROWS = 50;
/** What changes is announced; this is for what was missed. */
const LOOK_AGAIN_MS = 15_000;

function useOperations(show: keyof typeof STATES) {
  const api = useTRPCClient();
  const queries = useQueryClient();
  // Beside the key of the procedure, so that what changes one operation renews the list too.
  const queryKey = [["bulk", "list"], { show }];
  useLive(["bulk"], () => void queries.invalidateQueries({ queryKey }));
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const state = STATES[show];
      const input = { limit: PAGE_ROWS, ...(state && { state: [...state] }), ...(pageParam && { next: pageParam }) };
      return api.bulk.list.query(input, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.pagination.next,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

const NewReplay = () => (
  <Button icon="replay" onClick={askNewReplay}>
    New replay
  </Button>
);

/** What was sent again or ended in bulk: what runs, and the record of what ran. */
export function ReplaysPage() {
  const [{ show, open }, set] = useQueryStates(PARSERS, { history: "push" });
  const names = useNames();
  const { data, error, isLoading, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOperations(show);
  const operations = data?.pages.flatMap((page) => page.data) ?? [];
  const openOne = (id: string) => void set({ open: id });
  useOpenKeys(
    "replay",
    operations.map(({ id }) => id),
    open,
    openOne,
  );
  const close = () => void set({ open: null });
  const list = (
    <div className="min-h-0 flex-1 overflow-auto bg-surface">
      {isLoading ? <SkeletonTable /> : null}
      {error && operations.length === 0 ? (
        <div className="p-4">
          <ErrorState title="The replays did not load" actions={<Button onClick={() => refetch()}>Try again</Button>}>
            {error.message} What runs goes on; only this list is affected.
          </ErrorState>
        </div>
      ) : null}
      {operations.length > 0 ? (
        <OperationsTable operations={operations} names={names} openId={open ?? undefined} onOpen={openOne} />
      ) : null}
      {data && operations.length === 0 ? (
        <div className="p-4">
          <Nothing show={show} all={() => void set({ show: null })} />
        </div>
      ) : null}
      <ShowOlder query={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </div>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageBar title="Replays" end={<NewReplay />}>
        <Segmented
          label="Which replays"
          options={[
            { value: "all", label: "All" },
            { value: "running", label: "Running" },
            { value: "over", label: "Over" },
          ]}
          value={show}
          onChange={(next) => void set({ show: next, open: null })}
        />
      </PageBar>
      <SplitPanel
        list={list}
        panel={open ? <OperationPanel key={open} id={open} names={names} close={close} /> : undefined}
        panelLabel="Replay"
        onClose={close}
      />
    </div>
  );
}

function Nothing({ show, all }: { show: (typeof SHOWS)[number]; all: () => void }) {
  if (show !== "all") {
    return (
      <EmptyState
        title={show === "running" ? "Nothing runs" : "Nothing is over yet"}
        actions={<Button onClick={all}>Show all</Button>}
      >
        {show === "running" ? "What is started stands here until the last event is in line." : "What ran stands here."}
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing was replayed yet" actions={<NewReplay />}>
      Replay what failed, or what a new connection has missed. The exact count comes first, and it can be cancelled at
      any time.
    </EmptyState>
  );
}
