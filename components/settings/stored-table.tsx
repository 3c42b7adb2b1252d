import { formatCount } from "#components/ui/format.ts";
import type { Retention } from "#server/contracts/retention.ts";
import { onWide, panel, td, th, tr } from "./section.tsx";
import { formatRows, kindWords, sizeWords } from "./stored-words.ts";

type Stored = Retention["stored"];
/** As a person reads them: what came in, then what became of it. */
const ORDER = ["request", "event", "attempt", "ignored_event"];

/** What each kind takes, drawn against all of it. */
export function StoredTable({ stored }: { stored: Stored }) {
  const all = stored.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = stored.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return (
    <div className={panel}>
      <table className="w-full border-collapse">
        <thead>
          <tr>
            <th className={th}>What</th>
            <th className={`${th} ${onWide} w-[36%]`}>
              <span className="sr-only">Share of all</span>
            </th>
            <th className={`${th} text-right`}>On disk</th>
            <th className={`${th} text-right`}>Rows</th>
            <th className={`${th} ${onWide} text-right`}>Last 24 h</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.kind} className={tr}>
              <td className={td}>{kindWords(one.kind)}</td>
              <td className={`${td} ${onWide}`}>
                <ShareBar share={all === 0 ? 0 : one.bytes / all} />
              </td>
              <td className={`${td} whitespace-nowrap text-right`}>{sizeWords(one)}</td>
              <td className={`${td} whitespace-nowrap text-right text-muted`}>
                {formatRows(one.rows, one.is_rows_estimated)}
              </td>
              <td className={`${td} ${onWide} text-right text-muted`}>
                {one.last_day_rows === 0 ? "–" : `+${formatCount(one.last_day_rows)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// As SVG, whose width is no inline style.
const ShareBar = ({ share }: { share: number }) => (
  <svg aria-hidden="true" width="100%" height="6" className="block overflow-hidden rounded-xs bg-inset">
    <rect width={`${share * 100}%`} height="100%" className="fill-muted" />
  </svg>
);
