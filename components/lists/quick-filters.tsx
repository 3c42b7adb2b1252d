import { ToggleChip } from "#components/ui/chip.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Histogram } from "#server/contracts/histogram.ts";
import type { ListCounts, ListDefinition, ListRow, QuickFilter } from "./list-definition.ts";
import type { ListUrl } from "./use-list-url.ts";

interface QuickFiltersProps<Row extends ListRow> {
  definition: ListDefinition<Row>;
  url: ListUrl;
  counts: ListCounts | undefined;
}

/** How many rows are of a state. */
export const countOfStatus =
  (status: string) =>
  ({ data }: Histogram): number =>
    data.reduce((sum, { counts }) => sum + (counts[status] ?? 0), 0);

/** What somebody comes for, with how much there is of each: a press shows that alone, another one all. */
export function QuickFilters<Row extends ListRow>({ definition, url, counts }: QuickFiltersProps<Row>) {
  const isOn = ({ key, value }: QuickFilter) => url.values[key] === value;
  const present = definition.quick.find(isOn);
  const others = present ? { [present.key]: null } : {};
  return definition.quick.map((quick) => {
    const { key, value, label, icon, tone, countIn } = quick;
    // Under another one nothing of this one is counted.
    const isCounted = counts !== undefined && (quick === present || (!present && url.values[key] == null));
    return (
      <ToggleChip
        key={label}
        isOn={quick === present}
        onClick={() => url.setFilters({ ...others, [key]: quick === present ? null : value })}
        {...(isCounted ? { count: formatCount(countIn(counts)) } : {})}
      >
        {icon ? <Icon name={icon} size={14} {...(tone === undefined ? {} : { className: tone })} /> : null}
        {label}
      </ToggleChip>
    );
  });
}
