"use client";

import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { GraphSort } from "./arrange.ts";
import { useTotals } from "./graph-context.ts";
import type { SceneView } from "./graph-scene.ts";

const SORTS = [
  { value: "problems", label: "Problems first" },
  { value: "name", label: "By name" },
] as const;

interface DenseBarProps {
  view: SceneView;
  sort: GraphSort;
  setSort: (sort: GraphSort) => void;
  query: string;
  isUnfolded: boolean;
  setUnfolded: (isUnfolded: boolean) => void;
}

/** Above a graph of many cards: how they are ordered, what is folded, and what of it needs somebody. */
export function DenseBar({ view, sort, setSort, query, isUnfolded, setUnfolded }: DenseBarProps) {
  const { healthy, cause } = view.foldedCounts;
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 overflow-hidden whitespace-nowrap border-line border-b bg-surface pr-5 pl-6 text-muted text-xs">
      Sort
      <Segmented label="Order of the connections" options={SORTS} value={sort} onChange={setSort} />
      {query !== "" ? (
        <span>
          {formatCount(view.rowIds.length)} shown, {formatCount(view.hiddenCount)} hidden by the search
        </span>
      ) : isUnfolded ? (
        <Button size="sm" icon="up-down" onClick={() => setUnfolded(false)}>
          Nothing folded
        </Button>
      ) : (
        <>
          <Folded count={healthy} what="healthy, folded" onUnfold={() => setUnfolded(true)} />
          <Folded count={cause} what="with one cause, folded" onUnfold={() => setUnfolded(true)} />
        </>
      )}
      <span className="ml-auto flex items-center gap-1.5 max-wide:hidden">
        {isUnfolded ? (
          <>
            <Kbd className="h-4">F</Kbd> folds what is healthy
          </>
        ) : (
          <Needs />
        )}
      </span>
    </div>
  );
}

function Folded({ count, what, onUnfold }: { count: number; what: string; onUnfold: () => void }) {
  if (count === 0) return null;
  return (
    <Button size="sm" icon="up-down" onClick={onUnfold}>
      {formatCount(count)} {what}
    </Button>
  );
}

function Needs() {
  const { totals, counts } = useTotals();
  const rest =
    totals.movesOnByItself === 0
      ? "All others are well."
      : `The other ${formatCount(totals.movesOnByItself)} that are not healthy move on by themselves.`;
  return (
    <span>
      <b className="font-semibold text-ink">{formatCount(totals.needsYou)}</b> of {formatCount(counts.connection)} need
      you. {rest}
    </span>
  );
}
