"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { FilterBar } from "#components/data/filter-bar.tsx";
import { type FilterValues, filterParsers } from "#components/data/filters.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useOpenKeys } from "#components/data/use-open-keys.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { useKeys } from "#components/ui/use-keys.ts";
import { AUDIT_FILTERS, auditInput } from "./audit-filters.ts";
import { AuditTable, AuditTableSkeleton } from "./audit-table.tsx";
import { ChainVerdict } from "./chain-verdict.tsx";
import { ExportAudit } from "./export-audit.tsx";
import { panel, SectionHead } from "./section.tsx";

const HEAD = { title: "Audit log", about: "Every change, who made it and when. Nobody can edit it." };
const PARSERS = {
  ...filterParsers(AUDIT_FILTERS),
  /** Cursors of the page; both absent on the newest. */
  next: parseAsString,
  prev: parseAsString,
  open: parseAsString,
};
const NEWEST = { next: null, prev: null, open: null };

export function AuditView() {
  const trpc = useTRPC();
  const [state, set] = useQueryStates(PARSERS, { history: "push" });
  const { next, prev, open, ...values } = state as Record<string, string | null>;
  const input = { ...auditInput(values as FilterValues), ...(next ? { next } : prev ? { prev } : {}) };
  const { data, error, isPlaceholderData, refetch } = useQuery(
    trpc.audit.list.queryOptions(input, { placeholderData: keepPreviousData, retry: false }),
  );
  const clear = () => void set({ ...Object.fromEntries(AUDIT_FILTERS.map(({ key }) => [key, null])), ...NEWEST });
  const hasFilter = Object.values(values).some((value) => value !== null);
  const openOne = (id: string | null) => void set({ open: id }, { history: "replace" });
  useOpenKeys("entry", data?.data.map(({ id }) => id) ?? [], open ?? null, openOne);
  useKeys(open ? [{ keys: "Escape", label: "Close the entry", run: () => openOne(null) }] : []);
  const isFirst = !hasFilter && next === null && prev === null;
  return (
    <>
      <SectionHead
        {...HEAD}
        about={<ChainVerdict about={HEAD.about} />}
        action={<ExportAudit input={auditInput(values as FilterValues)} />}
      />
      <FilterBar
        filters={AUDIT_FILTERS}
        values={values}
        onChange={(key, value) => void set({ [key]: value, ...NEWEST })}
        end={error || data?.count === undefined ? null : <EntryCount count={data.count} />}
        // Room for the ring of the focus.
        className="-mx-1 border-b-0 bg-transparent px-1 max-md:px-1"
      />
      <div className={panel}>
        {error ? (
          <div className="p-4">
            <ErrorState
              title="The entries could not be read"
              actions={
                <>
                  <Button onClick={() => void refetch()}>Try again</Button>
                  {isFirst ? null : <Button onClick={clear}>Show all entries</Button>}
                </>
              }
            >
              {error.message}
            </ErrorState>
          </div>
        ) : null}
        {!data && !error ? <AuditTableSkeleton /> : null}
        {data && !error && data.data.length === 0 ? (
          <div className="p-4">
            {hasFilter ? (
              <EmptyState title="No entry matches" actions={<Button onClick={clear}>Clear the filters</Button>}>
                Nothing like this was done, or it was done at another time.
              </EmptyState>
            ) : (
              <EmptyState title="Nothing was changed yet">
                The first change of a source or a key stands here.
              </EmptyState>
            )}
          </div>
        ) : null}
        {data && !error && data.data.length > 0 ? (
          <div className={isPlaceholderData ? "opacity-60" : ""}>
            <AuditTable entries={data.data} openId={open ?? undefined} onOpen={(id) => openOne(id ?? null)} />
          </div>
        ) : null}
      </div>
      {data && (data.pagination.next || data.pagination.prev) ? (
        <nav aria-label="Pages of the log" className="mt-3 flex justify-end gap-2">
          <Button disabled={!data.pagination.prev} onClick={() => void set({ ...NEWEST, prev: data.pagination.prev })}>
            Newer
          </Button>
          <Button disabled={!data.pagination.next} onClick={() => void set({ ...NEWEST, next: data.pagination.next })}>
            Older
          </Button>
        </nav>
      ) : null}
    </>
  );
}

/** How many entries match, where the server has counted them. */
const EntryCount = ({ count }: { count: number }) => (
  <span>
    <span className="font-medium text-ink">{formatCount(count)}</span> {count === 1 ? "entry" : "entries"}
  </span>
);
