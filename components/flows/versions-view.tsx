"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { ShowOlder } from "#components/data/show-older.tsx";
import { SplitPanel } from "#components/data/split-panel.tsx";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useOpenKeys } from "#components/data/use-open-keys.ts";
import { useLive } from "#components/live/use-live.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { VersionedKind } from "#server/contracts/version.ts";
import { useFlowsUrl } from "./flows-url.ts";
import { VersionLine } from "./version-line.tsx";
import { VersionPanel } from "./version-panel.tsx";

const PAGE_ROWS = 50;
const OF_KINDS: readonly VersionedKind[] = ["source", "destination", "connection", "transformation"];
const KINDS: readonly string[] = OF_KINDS;

/** Versions are asked for anew when the configuration changes. */
function useVersions(touches: string | null) {
  const api = useTRPCClient();
  const queries = useQueryClient();
  const queryKey = [["versions", "list"], { touches }];
  useLive(["config"], () => void queries.invalidateQueries({ queryKey: [["versions"]] }));
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const filter = touches === null ? {} : { [KINDS.includes(touches) ? "resource_kind" : "resource_id"]: touches };
      const before = pageParam === "" ? {} : { before: Number(pageParam) };
      return api.versions.list.query({ limit: PAGE_ROWS, ...filter, ...before }, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.pagination.next,
  });
}

/** All versions, the newest first, and beside them the one that is looked at. */
export function VersionsView() {
  const [{ v, against, touches }, set] = useFlowsUrl();
  const query = useVersions(touches);
  const { data, error, isLoading, refetch } = query;
  const versions = data?.pages.flatMap((page) => page.data) ?? [];
  const open = (number: number) => void set({ v: number, against: null });
  useOpenKeys(
    "version",
    versions.map(({ number }) => String(number)),
    v === null ? null : String(v),
    (number) => open(Number(number)),
  );
  const close = () => void set({ v: null, against: null });
  const newest = touches === null ? versions[0]?.number : undefined;
  const list = (
    <div className="min-h-0 flex-1 overflow-auto bg-surface">
      <div className="flex h-10 items-center justify-between border-line border-b pr-3.5 pl-5 text-muted text-xs max-md:px-3">
        <span>{newest === undefined ? "The newest first" : `${newest} versions`}</span>
        <Touches value={touches} onChange={(next) => void set({ touches: next, v: null, against: null })} />
      </div>
      {isLoading ? <Places /> : null}
      {error && versions.length === 0 ? (
        <div className="p-4">
          <ErrorState title="The versions did not load" actions={<Button onClick={() => refetch()}>Try again</Button>}>
            {error.message} What runs goes on; only this list is affected.
          </ErrorState>
        </div>
      ) : null}
      {data && versions.length === 0 ? (
        <div className="p-4">
          <Nothing isFiltered={touches !== null} all={() => void set({ touches: null })} />
        </div>
      ) : null}
      <ol aria-label="Versions">
        {versions.map((version, index) => (
          <VersionLine
            key={version.number}
            version={version}
            isNewest={index === 0 && touches === null}
            isOpen={version.number === v}
            onOpen={() => open(version.number)}
          />
        ))}
      </ol>
      <ShowOlder query={query} />
    </div>
  );
  const panel =
    v === null ? undefined : (
      <VersionPanel
        key={v}
        number={v}
        against={against ?? undefined}
        versions={versions}
        onCompare={(next) => void set({ against: next })}
        open={open}
        close={close}
      />
    );
  return <SplitPanel list={list} panel={panel} panelLabel="Version" onClose={close} />;
}

function Touches({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const one = value !== null && !KINDS.includes(value) ? [{ value, label: "Touches one resource" }] : [];
  const kinds = KINDS.map((kind) => ({ value: kind, label: `Touches ${kind}s` }));
  return (
    <span className="w-[190px]">
      <Select
        aria-label="Versions that touch"
        size="md"
        options={[{ value: "all", label: "Touches anything" }, ...kinds, ...one]}
        value={value ?? "all"}
        onChange={(next) => onChange(next === "all" ? null : next)}
      />
    </span>
  );
}

const PLACES = ["a", "b", "c", "d", "e", "f", "g", "h"];

const Places = () => (
  <div aria-hidden="true">
    {PLACES.map((place) => (
      <div key={place} className="flex h-[52px] flex-col justify-center gap-2 border-line border-b px-5">
        <Skeleton className="w-64" />
        <Skeleton className="w-40" />
      </div>
    ))}
  </div>
);

const Nothing = ({ isFiltered, all }: { isFiltered: boolean; all: () => void }) =>
  isFiltered ? (
    <EmptyState title="No version touches this" actions={<Button onClick={all}>Show all</Button>}>
      Nothing like this was changed.
    </EmptyState>
  ) : (
    <EmptyState title="Nothing was changed yet">
      The first source, destination, connection or transformation makes version 1. Each change after it makes another.
    </EmptyState>
  );
