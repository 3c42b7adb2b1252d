"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { createParser, parseAsStringLiteral, useQueryStates } from "nuqs";
import { ShowOlder } from "#components/data/show-older.tsx";
import { SplitPanel } from "#components/data/split-panel.tsx";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useOpenKeys } from "#components/data/use-open-keys.ts";
import { PageBar } from "#components/frame/page-bar.tsx";
import { useLive, useLiveState } from "#components/live/use-live.ts";
import { Button } from "#components/ui/button.tsx";
import { Count } from "#components/ui/count.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { IssueState } from "#server/contracts/issue.ts";
import { IssuePanel } from "./issue-panel.tsx";
import { IssueRow } from "./issue-row.tsx";
import { grouped } from "./issue-words.ts";
import { RulesView } from "./rules-view.tsx";

const SHOWS = ["open", "muted", "all"] as const;
type Show = (typeof SHOWS)[number];
const STATES: Record<Show, IssueState[] | undefined> = { open: ["open"], muted: ["snoozed"], all: undefined };
const PARSERS = {
  view: parseAsStringLiteral(["rules"]),
  show: parseAsStringLiteral(SHOWS).withDefault("open"),
  open: createParser({
    parse: (text: string) => (/^iss_[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ? text : null),
    serialize: (id: string) => id,
  }),
};
const PAGE_ROWS = 100;

function useIssues(show: Show) {
  const api = useTRPCClient();
  const queries = useQueryClient();
  // Beside the key of the procedure, so that what changes one issue renews the list too.
  const queryKey = [["issues", "list"], { show }];
  useLive(["issues"], () => void queries.invalidateQueries({ queryKey }));
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const state = STATES[show];
      const input = { limit: PAGE_ROWS, ...(state && { state: [...state] }), ...(pageParam && { next: pageParam }) };
      return api.issues.list.query(input, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.pagination.next,
  });
}

function useCounts() {
  const live = useLiveState("issues");
  if (!live) return { open: undefined, muted: undefined };
  const all = Object.values(live);
  const muted = all.filter(({ state }) => state === "snoozed").length;
  return { open: all.length - muted, muted };
}
const withCount = (word: string, count: number | undefined) =>
  count === undefined ? word : `${word} ${formatCount(count)}`;

/** What somebody should know of: those that wait for a person first. */
export function IssuesPage({ mayManage }: { mayManage: boolean }) {
  const [{ view, show, open }, set] = useQueryStates(PARSERS, { history: "push" });
  const counts = useCounts();
  const { data, error, isLoading, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useIssues(show);
  const issues = data?.pages.flatMap((page) => page.data) ?? [];
  const groups = grouped(issues);
  const order = groups.flatMap((group) => group.issues.map(({ id }) => id));
  const { previous, next } = useOpenKeys("issue", order, open, (id) => void set({ open: id }));
  const close = () => void set({ open: null });
  const list = (
    <div className="min-h-0 flex-1 overflow-auto bg-surface">
      {isLoading ? <SkeletonRows /> : null}
      {error && issues.length === 0 ? (
        <div className="p-4">
          <ErrorState title="The issues did not load" actions={<Button onClick={() => refetch()}>Try again</Button>}>
            {error.message} They are looked for all the same; only this list is affected.
          </ErrorState>
        </div>
      ) : null}
      {groups.map((group, place) => (
        <section key={group.title} aria-label={group.title}>
          <h2 className="flex h-8 items-center gap-1 border-line border-b px-5 text-muted text-xs max-md:px-4">
            {group.title} <Count count={formatCount(group.issues.length)} />
            {place === 0 && group.issues[0]?.state !== "resolved" ? (
              <span className="ml-auto max-md:hidden">Last 30 min</span>
            ) : null}
          </h2>
          <ul>
            {group.issues.map((issue) => (
              <IssueRow
                key={issue.id}
                issue={issue}
                isOpen={issue.id === open}
                open={() => void set({ open: issue.id })}
              />
            ))}
          </ul>
        </section>
      ))}
      {data && issues.length === 0 ? <Nothing show={show} all={() => void set({ show: "all" })} /> : null}
      <ShowOlder query={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </div>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageBar
        title="Issues"
        end={
          <>
            <span className="text-muted text-xs max-lg:hidden">An issue opens and closes by itself</span>
            <Button icon="bell" aria-pressed={view === "rules"} onClick={() => void set({ view: "rules", open: null })}>
              Rules
            </Button>
          </>
        }
      >
        <Segmented
          label="Which issues"
          options={[
            { value: "open", label: withCount("Open", counts.open) },
            { value: "muted", label: withCount("Muted", counts.muted) },
            { value: "all", label: "All" },
          ]}
          value={show}
          onChange={(value) => void set({ show: value, open: null, view: null })}
        />
      </PageBar>
      {view === "rules" ? (
        <RulesView mayManage={mayManage} back={() => void set({ view: null })} />
      ) : (
        <SplitPanel
          list={list}
          panel={
            open ? (
              <IssuePanel key={open} id={open} mayManage={mayManage} previous={previous} next={next} close={close} />
            ) : undefined
          }
          panelLabel="Issue"
          onClose={close}
        />
      )}
    </div>
  );
}

const SkeletonRows = () => (
  <div aria-hidden="true">
    {["w-2/3", "w-1/2", "w-3/4", "w-2/3"].map((width, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
      <div key={row} className="grid h-[53px] content-center gap-1.5 border-line border-b px-5">
        <Skeleton className={width} />
        <Skeleton className="w-1/3" />
      </div>
    ))}
  </div>
);

function Nothing({ show, all }: { show: Show; all: () => void }) {
  return (
    <div className="p-4">
      <EmptyState
        title={show === "open" ? "Nothing is wrong" : show === "muted" ? "Nothing is muted" : "There was no issue yet"}
        actions={show === "all" ? null : <Button onClick={all}>Show all</Button>}
      >
        Connections that fail, transformations that throw, lines that fall behind, signatures that stop verifying and
        sources that fall silent stand here, each within a minute.
      </EmptyState>
    </div>
  );
}
