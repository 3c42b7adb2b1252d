import { formatCount } from "#components/ui/format.ts";
import type { StoredDay } from "#server/contracts/retention.ts";
import { onWide, panel, SubHead, td, th, tr } from "./section.tsx";
import { formatSize } from "./stored-words.ts";

/** What each day holds, the newest first. */
export function DaysTable({ days }: { days: readonly StoredDay[] }) {
  if (days.length === 0) return null;
  return (
    <>
      <SubHead>By day</SubHead>
      <div className={panel}>
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <th className={th}>Day, UTC</th>
              <th className={`${th} text-right`}>Requests</th>
              <th className={`${th} ${onWide} text-right`}>Rows</th>
              <th className={`${th} text-right`}>On disk</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ date, requests, rows, bytes }) => (
              <tr key={date} className={tr}>
                <td className={`${td} whitespace-nowrap`}>{date}</td>
                <td className={`${td} text-right`}>{formatCount(requests)}</td>
                <td className={`${td} ${onWide} text-right text-muted`}>{formatCount(rows)}</td>
                <td className={`${td} whitespace-nowrap text-right`}>{formatSize(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
