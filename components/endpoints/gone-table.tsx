import { type SheetColumn, SheetTable, sheetCell } from "#components/data/sheet-table.tsx";
import { cn } from "#components/ui/class-names.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { GoneEndpoint } from "#server/contracts/endpoint.ts";
import { goneBecause, goneWith, shownUrl } from "./endpoint-words.ts";

const COLUMNS: readonly SheetColumn[] = [
  ["Endpoint", undefined, false],
  ["Why", 160, false],
  ["What waited", 210, false],
  ["When", 100, true],
];

/** The endpoints that went within a day. */
export const GoneTable = ({ gone }: { gone: readonly GoneEndpoint[] }) => (
  <section aria-labelledby="gone-endpoints">
    <h2 id="gone-endpoints" className="px-5 pt-6 pb-2 font-semibold max-md:px-3.5">
      Gone today <span className="font-normal text-faint">{gone.length}</span>
    </h2>
    <SheetTable label="Gone today" columns={COLUMNS} className="md:min-w-[640px]">
      {gone.map((one) => (
        <tr key={`${one.id} ${one.gone_at}`}>
          <td className={cn(sheetCell, "font-mono text-muted text-xs")} title={one.url}>
            {shownUrl(one.url)}
          </td>
          <td className={cn(sheetCell, "text-ink-2")}>{goneBecause(one)}</td>
          <td className={cn(sheetCell, "text-muted")}>{goneWith(one)}</td>
          <td className={cn(sheetCell, "pr-4 text-right text-muted")}>
            <RelativeTime iso={one.gone_at} />
          </td>
          <td className="border-line border-b px-3.5 py-2.5 md:hidden">
            <span className="grid gap-1">
              <span className="truncate font-mono text-muted text-xs">{shownUrl(one.url)}</span>
              <span className="flex justify-between gap-3">
                <span>
                  {goneBecause(one)}, {goneWith(one)}
                </span>
                <span className="shrink-0 text-muted">
                  <RelativeTime iso={one.gone_at} />
                </span>
              </span>
            </span>
          </td>
        </tr>
      ))}
    </SheetTable>
  </section>
);
