"use client";

import { debounce, parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { lazy } from "react";
import { ShowOlder } from "#components/data/show-older.tsx";
import { PageBar } from "#components/frame/page-bar.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { Later } from "#components/ui/later.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { TransformationsSkeleton, TransformationsTable } from "./transformations-table.tsx";
import { useTransformations, useUsage } from "./use-transformations.ts";

const loadNew = async () => ({ default: (await import("./new-dialog.tsx")).NewDialog });
const NewDialog = lazy(loadNew);

const TYPING_MS = 250;
const MAX_SEARCH_CHARS = 255;

/** The row with the focus moves by one; the first press gives it to the first row. */
function moveFocus(by: number) {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at === -1 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

/** All transformations of the team. */
export function TransformationsPage({ can }: { can: readonly Capability[] }) {
  const [search, setSearch] = useQueryState("search", parseAsString.withDefault(""));
  const [isMaking, setMaking] = useQueryState("new", parseAsBoolean.withDefault(false));
  const { rows, data, error, isLoading, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTransformations(
    search.trim().slice(0, MAX_SEARCH_CHARS),
  );
  const usage = useUsage(rows);
  const mayWrite = can.includes("transformation.write");
  const openNew = () => void setMaking(true);
  const clear = () => void setSearch(null);
  useKeys([
    { keys: "j", label: "Next row", run: () => moveFocus(1) },
    { keys: "k", label: "Row before", run: () => moveFocus(-1) },
    ...(mayWrite ? [{ keys: "n", label: "New transformation", run: openNew }] : []),
  ]);
  const newOne = mayWrite ? (
    <Button icon="plus" onClick={openNew}>
      New transformation
    </Button>
  ) : undefined;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageBar title="Transformations" end={newOne}>
        <div className="relative w-75 min-w-0 max-md:w-full">
          <Icon name="search" size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-faint" />
          <Input
            size="md"
            className="pl-7"
            aria-label="Name or description contains"
            placeholder="Name or description contains"
            value={search}
            onChange={(event) => void setSearch(event.target.value || null, { limitUrlUpdates: debounce(TYPING_MS) })}
          />
        </div>
      </PageBar>
      <div className="min-h-0 flex-1 overflow-auto bg-surface">
        {isLoading ? <TransformationsSkeleton /> : null}
        {error && rows.length === 0 ? (
          <div className="p-4">
            <ErrorState
              title="The transformations did not load"
              actions={<Button onClick={() => refetch()}>Try again</Button>}
            >
              {error.message} Requests are transformed as before; only this list is affected.
            </ErrorState>
          </div>
        ) : null}
        {rows.length > 0 ? <TransformationsTable rows={rows} usage={usage} /> : null}
        {data && rows.length === 0 ? (
          <div className="p-4">
            {search === "" ? (
              <EmptyState title="There is no transformation yet" actions={newOne}>
                A transformation is JavaScript that changes a request before it is delivered: other names, fewer fields,
                a header more. Connections name it in their transform rule.
              </EmptyState>
            ) : (
              <EmptyState title="No transformation matches" actions={<Button onClick={clear}>Clear the search</Button>}>
                None has this text in its name or description.
              </EmptyState>
            )}
          </div>
        ) : null}
        <ShowOlder query={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
      </div>
      {mayWrite ? (
        <Later isOpen={isMaking} load={loadNew}>
          <NewDialog isOpen={isMaking} close={() => void setMaking(null)} />
        </Later>
      ) : null}
    </div>
  );
}
