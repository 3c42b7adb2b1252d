import type { Zone } from "#components/data/time-range.ts";
import { EVENT_STATES, StateLabel } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { spanWords } from "./axis.tsx";
import { STACK, type StackRow } from "./series.ts";

/** What a bucket holds, under the pointer. */
export const BucketTip = ({ row, zone }: { row: StackRow; zone: Zone }) => (
  <div className="rounded-md border border-line bg-float px-3 py-2 text-xs shadow-menu">
    <p className="font-semibold">{spanWords(row.fromMs, row.toMs, zone)}</p>
    <table className="mt-1 w-full">
      <tbody>
        {STACK.filter(({ key }) => row[key] > 0).map(({ key, state }) => (
          <tr key={key}>
            <th scope="row" className="py-0.5 pr-6 text-left">
              <StateLabel state={state} />
            </th>
            <td className="text-right">{formatCount(row[key])}</td>
          </tr>
        ))}
        {row.before === null ? null : (
          <tr className="text-muted">
            <th scope="row" className="py-0.5 pr-6 text-left font-normal">
              Before
            </th>
            <td className="text-right">{formatCount(row.before)}</td>
          </tr>
        )}
      </tbody>
    </table>
    <p className="mt-1 text-2xs text-faint">
      {STACK.some(({ key }) => row[key] > 0)
        ? "A press opens the events of this time"
        : `Nothing ${EVENT_STATES.DELIVERED.word.toLowerCase()} or failed`}
    </p>
  </div>
);
