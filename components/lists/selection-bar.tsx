import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import type { ListDefinition, ListRow } from "./list-definition.ts";
import type { ListInput } from "./list-input.ts";
import { type ListSelection, wholeSelection } from "./selection.ts";

/** More than this is better named by the filter, which says what was meant. An operation takes up to 1,000 ids. */
const MAX_IDS = 255;

interface SelectionBarProps<Row extends ListRow> {
  definition: ListDefinition<Row>;
  chosen: ReadonlySet<string>;
  isAll: boolean;
  chooseAll: () => void;
  input: ListInput;
  matching: { count: number; isAtLeast: boolean } | undefined;
  clear: () => void;
  renderBulkBar: ((selection: ListSelection) => ReactNode) | undefined;
}

/** How much is chosen, the way to all that match, and what can be done with it. */
export function SelectionBar<Row extends ListRow>(props: SelectionBarProps<Row>) {
  const { definition, chosen, isAll, chooseAll, input, matching, clear, renderBulkBar } = props;
  const whole = wholeSelection(definition.bulkFilters, input, matching);
  const all = whole && whole.count > chosen.size ? whole : undefined;
  const selection: ListSelection =
    isAll && whole
      ? { ...whole, clear }
      : { target: { kind: "ids", ids: [...chosen] }, count: chosen.size, isAtLeast: false, clear };
  const words = (count: number, isAtLeast: boolean) => `${isAtLeast ? "at least " : ""}${formatCount(count)}`;
  return (
    <div
      role="toolbar"
      aria-label="What is chosen"
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-t bg-inset py-1.5 pr-2 pl-3.5"
    >
      <span role="status">
        <b className="font-semibold">{words(selection.count, selection.isAtLeast)}</b> selected
      </span>
      {all && !isAll ? (
        <Button kind="quiet" size="sm" onClick={chooseAll}>
          Select all {words(all.count, all.isAtLeast)} that match
        </Button>
      ) : null}
      <Button kind="quiet" size="sm" onClick={clear}>
        Clear
      </Button>
      <span className="ml-auto flex flex-wrap items-center gap-2">
        {selection.target.kind === "ids" && selection.count > MAX_IDS ? (
          <span className="text-muted">
            At most {MAX_IDS} rows at once: choose fewer{all ? ", or all that match" : ""}.
          </span>
        ) : (
          renderBulkBar?.(selection)
        )}
      </span>
    </div>
  );
}
