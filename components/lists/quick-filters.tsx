import { ToggleChip } from "#components/ui/chip.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Histogram } from "#server/contracts/histogram.ts";
import type { ListDefinition, ListRow } from "./list-definition.ts";
import type { ListUrl } from "./use-list-url.ts";

interface QuickFiltersProps<Row extends ListRow> {
  definition: ListDefinition<Row>;
  url: ListUrl;
  counts: Histogram | undefined;
}

/** The states that somebody comes for, with how much there is of each: a press shows those alone, another one all. */
export function QuickFilters<Row extends ListRow>({ definition, url, counts }: QuickFiltersProps<Row>) {
  const present = url.values.status ?? undefined;
  return definition.quick.map(({ value, label, icon, tone }) => {
    const isOn = present === value;
    // Under another state nothing of this one is counted.
    const isCounted = counts !== undefined && (present === undefined || isOn);
    const count = counts?.data.reduce((sum, bucket) => sum + (bucket.counts[value] ?? 0), 0) ?? 0;
    return (
      <ToggleChip
        key={value}
        isOn={isOn}
        onClick={() => url.setFilter("status", isOn ? null : value)}
        {...(isCounted ? { count: formatCount(count) } : {})}
      >
        <Icon name={icon} size={14} className={tone} />
        {label}
      </ToggleChip>
    );
  });
}
