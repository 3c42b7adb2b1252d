import Link from "next/link";
import { formatCount } from "#components/ui/format.ts";

export interface BarRow {
  key: string;
  label: string;
  count: number;
  fill: string;
  /** The list of what is counted, where there is one. */
  href?: string;
}

/** Counts beside each other as bars, the largest at full width. A bar is the way to its list. */
export function BarList({ rows, emptyWords }: { rows: readonly BarRow[]; emptyWords: string }) {
  const top = Math.max(1, ...rows.map(({ count }) => count));
  if (rows.length === 0) return <p className="py-2 text-muted">{emptyWords}</p>;
  return (
    <ul className="grid gap-px">
      {rows.map(({ key, label, count, fill, href }) => {
        const words = <span className="min-w-0 truncate">{label}</span>;
        return (
          <li
            key={key}
            className="grid h-7 grid-cols-[minmax(0,2fr)_minmax(32px,1fr)_56px] items-center gap-3 pointer-coarse:h-10"
          >
            {href ? (
              <Link href={href} className="min-w-0 truncate hovered:underline">
                {label}
              </Link>
            ) : (
              words
            )}
            <svg width="100%" height={8} aria-hidden="true">
              <rect width="100%" height={8} rx={2} fill="var(--press)" />
              <rect width={`${Math.max(1.5, (100 * count) / top)}%`} height={8} rx={2} fill={fill} />
            </svg>
            <span className="text-right font-medium">{formatCount(count)}</span>
          </li>
        );
      })}
    </ul>
  );
}
